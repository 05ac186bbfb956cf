"""Rising directions are right, falling ones get a positive slope: the sign is thrown away. A
negative slope is an answer, not an error. Look for an absolute value."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x, dtype=float)
    x_h[i] += h
    return abs((f(x_h) - f(x)) / h)
