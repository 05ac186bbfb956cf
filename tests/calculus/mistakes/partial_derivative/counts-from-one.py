"""The slope belongs to the coordinate before the one that was asked for; for the first one you get
the last. Mathematics numbers coordinates from 1, Python from 0, and the text counts as Python does.
Look at the index that you use."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x, dtype=float)
    x_h[i - 1] += h
    return (f(x_h) - f(x)) / h
