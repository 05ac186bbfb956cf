"""The slopes belong to another point: while one coordinate moves, all others are zero. For a sum
of squares nobody notices, for a product everything vanishes. The other coordinates must stay where
x has them; look at how the shifted points begin."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(len(x))
    for i in range(len(x)):
        plus = np.zeros(len(x))
        minus = np.zeros(len(x))
        plus[i] = x[i] + h
        minus[i] = x[i] - h
        grad[i] = (f(plus) - f(minus)) / (2 * h)
    return grad
