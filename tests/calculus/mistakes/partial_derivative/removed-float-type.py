"""The function stops with an AttributeError: np.float is gone. NumPy removed that name in version
1.24, so code from older books and answers fails now; the idea behind it was sound. Look up what the
release notes of NumPy say to use in its place."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = x.astype(np.float)
    x_h[i] += h
    return (f(x_h) - f(x)) / h
