"""f is called with one argument for each coordinate, and it takes a single array: Python stops with a
TypeError. The star takes the point apart. Look at how the text describes f."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    args = [float(v) for v in x]
    shifted = list(args)
    shifted[i] += h
    return (f(*shifted) - f(*args)) / h
