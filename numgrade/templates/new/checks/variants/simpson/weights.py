"""One array of weights 1, 4, 2, ..., 4, 1, and a scalar product."""

import numpy as np


def simpson(f, a, b, n=10):
    weights = np.ones(n + 1)
    weights[1:-1:2] = 4
    weights[2:-1:2] = 2
    return (b - a) / (3 * n) * np.dot(weights, f(np.linspace(a, b, n + 1)))
