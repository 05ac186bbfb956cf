"""All entries are right but the last, which is zero. The loop ends one coordinate too early: range
stops before its end by itself, and you took one off as well. Write down which values i takes for an
array of length 3."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    for i in range(len(x) - 1):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
    return grad
