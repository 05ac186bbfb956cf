"""A while loop with a counter and other names."""

import numpy as np


def numerical_gradient(func, point, delta=1e-5):
    point = point.astype("float64")
    base = func(point)
    result = np.zeros(point.shape[0])
    k = 0
    while k < point.shape[0]:
        neighbour = np.copy(point)
        neighbour[k] = neighbour[k] + delta
        result[k] = (func(neighbour) - base) / delta
        k += 1
    return result
