"""The slope is right, but after the call one coordinate of the caller's array has moved. You change
the array that was passed and do not put it back, so the next call starts from another point. Look
at what you do to x itself."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x = np.asarray(x, dtype=float)
    before = f(x)
    x[i] += h
    after = f(x)
    return (after - before) / h
