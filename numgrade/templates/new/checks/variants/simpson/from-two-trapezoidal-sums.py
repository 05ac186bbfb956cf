"""One step of Richardson's extrapolation from trapezoidal sums with n and n / 2 panels."""

import numpy as np


def trapezoids(f, a, b, n):
    y = f(np.linspace(a, b, n + 1))
    return (b - a) / n * (np.sum(y) - (y[0] + y[-1]) / 2)


def simpson(f, a, b, n=10):
    return (4 * trapezoids(f, a, b, n) - trapezoids(f, a, b, n // 2)) / 3
