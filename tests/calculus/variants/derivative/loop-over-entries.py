"""A loop over the entries of an array, a plain formula for a number."""

import numpy as np


def derivative(f, x, h=1e-5):
    if np.ndim(x) == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    x = np.array(x, dtype=float)
    result = np.zeros(x.shape)
    for index, value in np.ndenumerate(x):
        result[index] = (f(value + h) - f(value - h)) / (2 * h)
    return result
