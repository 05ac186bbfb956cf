"""A recursion over the coordinates."""

import numpy as np


def numerical_gradient(f, x, h=1e-5, i=0):
    if i == len(x):
        return []
    step = np.zeros(len(x))
    step[i] = h
    first = (f(x + step) - f(x - step)) / (2 * h)
    return [first] + numerical_gradient(f, x, h, i + 1)
