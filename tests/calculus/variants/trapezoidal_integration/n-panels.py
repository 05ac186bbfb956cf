"""Reads n as the number of panels, with n + 1 points."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n + 1)
    y = f(x)
    h = (b - a) / n
    return h * (y[0] / 2 + y[1:-1].sum() + y[-1] / 2)
