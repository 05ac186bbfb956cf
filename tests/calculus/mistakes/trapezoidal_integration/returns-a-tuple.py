"""The area is in there, but the points come with it: the function returns a tuple. A caller who wants
to calculate with the integral cannot. Return one number and nothing more."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = f(x)
    area = np.sum((y[:-1] + y[1:]) / 2) * (x[1] - x[0])
    return x, area
