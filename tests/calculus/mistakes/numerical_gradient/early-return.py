"""The first entry is right and all others are zero. The return stands inside the loop, so the
function ends after the first coordinate. Look at how far the last line is indented."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
        return grad
