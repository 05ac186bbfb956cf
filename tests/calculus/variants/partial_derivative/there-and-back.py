"""Moves the coordinate there and back by += and -=, which leaves round-off at most."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x = np.asarray(x, dtype=float)
    x[i] += h
    right = f(x)
    x[i] -= 2*h
    left = f(x)
    x[i] += h
    return (right - left) / (2*h)
