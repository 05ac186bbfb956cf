"""The slope is in there, but together with the value of f: the function returns a tuple. A caller who
wants to calculate with the slope cannot. Return what the text asks for and nothing more."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x, dtype=float)
    x_h[i] += h
    value = f(x)
    return value, (f(x_h) - value) / h
