"""The ends first, then a loop over the inner points."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    h = (b - a) / n
    s = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        s += f(a + i * h)
    return s * h
