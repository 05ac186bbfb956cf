"""The five-point stencil along each coordinate."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, float)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        d = np.zeros(len(x))
        d[i] = h
        grad[i] = (-f(x + 2*d) + 8*f(x + d) - 8*f(x - d) + f(x - 2*d)) / (12*h)
    return grad
