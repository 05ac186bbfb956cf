"""Backward differences."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=np.float64)
    here = f(x)
    g = np.empty(x.size)
    for k in range(x.size):
        moved = x.copy()
        moved[k] = x[k] - h
        g[k] = (here - f(moved)) / h
    return g
