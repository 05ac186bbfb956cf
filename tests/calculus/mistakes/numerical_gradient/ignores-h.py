"""The gradient is the same whatever step is passed, for a fixed number stands where h should. A
caller who passes a larger step expects you to use it. Look for a small constant in the body."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    eps = 1e-6
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        plus, minus = x.copy(), x.copy()
        plus[i] += eps
        minus[i] -= eps
        grad[i] = (f(plus) - f(minus)) / (2 * eps)
    return grad
