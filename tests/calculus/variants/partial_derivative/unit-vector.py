"""A step along a unit vector."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    e = np.zeros(len(x))
    e[i] = 1
    return (f(x + h * e) - f(x - h * e)) / (2 * h)
