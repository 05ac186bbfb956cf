"""Freezes all coordinates but one and differentiates the function of one variable that is left."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    def along(i):
        def g(t):
            point = np.array(x, dtype=float)
            point[i] = t
            return f(point)
        return g

    def slope(g, t):
        return (g(t + h) - g(t - h)) / (2 * h)

    return np.array([slope(along(i), x[i]) for i in range(len(x))])
