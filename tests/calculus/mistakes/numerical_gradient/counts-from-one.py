"""The function stops with an IndexError: it asks for the entry behind the last one. Mathematics
numbers the coordinates from 1 to d, Python from 0. Look at the first and the last value of your
index."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    for i in range(1, len(x) + 1):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
    return grad
