"""Float points work, but for an array of integers the answer is zero. A copy of such an array holds
integers again: the small step is cut off when it is stored, and NumPy does not warn. Think about
what kind of numbers the array can hold to which you add h."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = x.copy()
    x_h[i] += h
    return (f(x_h) - f(x)) / h
