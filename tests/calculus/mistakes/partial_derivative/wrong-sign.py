"""The size of the slope is right, the sign is not. The difference is taken the wrong way round. Try
f(x) = x[0], whose slope along the first coordinate is 1, and see which value is subtracted from
which."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x, dtype=float)
    x_h[i] += h
    return (f(x) - f(x_h)) / h
