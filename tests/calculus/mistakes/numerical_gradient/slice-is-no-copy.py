"""Entries add up from left to right, and the caller's array is changed. A slice such as x[:] copies
a list, but for a NumPy array it is a window on the same numbers. Look at how the shifted point is
made."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    f0 = f(x)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x_h = x[:]
        x_h[i] += h
        grad[i] = (f(x_h) - f0) / h
    return grad
