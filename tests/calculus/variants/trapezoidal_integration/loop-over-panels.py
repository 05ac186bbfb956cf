"""A loop that adds one trapezoid after another and calls f with single numbers."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    h = (b - a) / n
    total = 0.0
    for i in range(n):
        left = a + i * h
        right = a + (i + 1) * h
        total += (f(left) + f(right)) / 2 * h
    return total
