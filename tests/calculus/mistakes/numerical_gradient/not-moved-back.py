"""The first entry is right, and each later one has all those before it added to it. The copy is
made once, so the coordinates that were moved stay moved. Every entry must start from x again: look
at what stands before the loop and should stand in it."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    x_h = x.copy()
    for i in range(len(x)):
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
    return grad
