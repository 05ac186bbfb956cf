"""Freezes the other coordinates and differentiates the function of one variable that is left."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    def g(t):
        point = [float(v) for v in x]
        point[i] = t
        return f(np.array(point))

    return (g(x[i] + h) - g(x[i] - h)) / (2 * h)
