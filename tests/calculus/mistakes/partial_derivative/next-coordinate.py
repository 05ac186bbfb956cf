"""The slope belongs to the coordinate behind the one that was asked for, and the last one stops with
an IndexError. There is no need to convert i: it counts from 0, as Python does. Look at the index that
you use."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x, dtype=float)
    x_h[i + 1] += h
    return (f(x_h) - f(x)) / h
