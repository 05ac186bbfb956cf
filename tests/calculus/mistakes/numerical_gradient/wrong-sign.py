"""The size of every entry is right, the sign is not: the result points downhill. The difference is
taken the wrong way round. Try f(x) = x[0] + x[1], whose gradient you know, and see which value is
subtracted from which."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros_like(x)
    for i in range(len(x)):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x) - f(x_h)) / h
    return grad
