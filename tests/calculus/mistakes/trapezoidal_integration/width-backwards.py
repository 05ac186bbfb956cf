"""The size of the area is right, the sign is not: a positive curve gives a negative area. The width
is taken from right to left. Look at the order of a and b."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = f(x)
    h = (a - b) / (n - 1)
    return h * (y.sum() - (y[0] + y[-1]) / 2)
