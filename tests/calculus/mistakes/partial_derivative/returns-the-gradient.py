"""An array comes back where one number is due: the slopes along all coordinates. The exercise asks
for the one that i names. Look at what you return, and at where i is used."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    for k in range(len(x)):
        x_h = x.copy()
        x_h[k] += h
        grad[k] = (f(x_h) - f(x)) / h
    return grad
