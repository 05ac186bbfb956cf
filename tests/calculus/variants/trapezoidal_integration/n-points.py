"""The lesson's rule with the width that fits n points."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = f(x)
    dx = (b - a) / (n - 1)
    return np.sum((y[:-1] + y[1:]) / 2) * dx
