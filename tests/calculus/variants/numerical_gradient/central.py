"""Central differences, one coordinate at a time."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x_plus = x.astype(float)
        x_minus = x.astype(float)
        x_plus[i] += h
        x_minus[i] -= h
        grad[i] = (f(x_plus) - f(x_minus)) / (2 * h)
    return grad
