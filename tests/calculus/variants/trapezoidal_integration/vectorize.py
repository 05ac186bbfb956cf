"""np.vectorize, in case f cannot take an array."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = np.vectorize(f, otypes=[float])(x)
    return ((b - a) / (n - 1)) * (np.sum(y) - (y[0] + y[-1]) / 2)
