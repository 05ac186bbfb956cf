"""A central difference."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    plus = x.astype(float)
    minus = x.astype(float)
    plus[i] += h
    minus[i] -= h
    return (f(plus) - f(minus)) / (2*h)
