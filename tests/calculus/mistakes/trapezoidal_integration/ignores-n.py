"""The answer is the same whatever n is passed, for a fixed number of points stands in the body. The
caller decides how many. Look for a 1000 that should be a name."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, 1000)
    y = f(x)
    dx = x[1] - x[0]
    return np.sum((y[:-1] + y[1:]) / 2) * dx
