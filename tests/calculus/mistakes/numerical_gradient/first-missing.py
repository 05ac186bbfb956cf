"""All entries are right but the first, which is zero. The loop begins at 1, and Python counts from
0. Write down which values i takes for an array of length 3."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    n = len(x)
    grad = np.zeros(n)
    for i in range(1, n):
        e = np.zeros(n)
        e[i] = h
        grad[i] = (f(x + e) - f(x - e)) / (2 * h)
    return grad
