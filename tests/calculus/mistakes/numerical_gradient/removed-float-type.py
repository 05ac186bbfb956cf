"""The function stops with an AttributeError: np.float is gone. NumPy removed that name in version
1.24, so code from older books and answers fails now; the idea behind it was sound. Look up what
the release notes of NumPy say to use in its place."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=np.float)
    grad = np.zeros(len(x), dtype=np.float)
    for i in range(len(x)):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
    return grad
