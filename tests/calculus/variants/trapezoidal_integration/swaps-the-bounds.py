"""Treats b < a as a case of its own, by calling itself with the bounds swapped."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    if b < a:
        return -trapezoidal_integration(f, b, a, n)
    x = np.linspace(a, b, n)
    y = f(x)
    return np.einsum("i,i->", y[1:] + y[:-1], x[1:] - x[:-1]) / 2
