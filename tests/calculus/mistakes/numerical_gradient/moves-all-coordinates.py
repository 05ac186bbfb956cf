"""All entries are the same number, the sum of the true ones. Adding h to a whole array moves all
coordinates at once. For entry i only one of them may move: look at the point at which you evaluate
f."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        grad[i] = (f(x + h) - f(x - h)) / (2 * h)
    return grad
