"""The gradient is in there, but so is the value of f: the function returns a tuple of two things. A
caller who wants to step along the gradient cannot. Return what the text asks for and nothing
more."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    value = f(x)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x_h) - value) / h
    return grad, value
