"""The area is too small, by half a panel at either end: the values at a and b are not there at all.
Only the inner points are added up. With few points you see it at once: try n = 2."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    h = (b - a) / n
    total = 0
    for i in range(1, n):
        total += f(a + i * h)
    return total * h
