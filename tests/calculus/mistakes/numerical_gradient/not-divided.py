"""The entries are tiny and shrink with the step: they are differences of f, not slopes. A slope is
rise over run. Look again at what stands below the fraction line in the formula."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = f(x_h) - f(x)
    return grad
