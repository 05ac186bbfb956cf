"""Float points work, but for an array of integers every entry is zero. A copy of such an array, and
one made with zeros_like, hold integers again: the small step is cut off when it is stored, and
NumPy does not warn. Think about what kind of numbers the arrays you calculate with can hold."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in range(len(x)):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
    return grad
