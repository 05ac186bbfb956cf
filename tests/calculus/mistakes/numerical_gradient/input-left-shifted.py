"""The gradient is nearly right, but after the call the caller's array holds other numbers: each
coordinate is moved there and back, and not quite back to where it was. The next call starts from a
different point. Count the steps to either side."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        right = f(x)
        x[i] -= 2 * h
        left = f(x)
        grad[i] = (right - left) / (2 * h)
    return grad
