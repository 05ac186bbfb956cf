"""A vector of weights with halves at its ends, and a dot product."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    nodes = np.linspace(a, b, n)
    weights = np.ones(n)
    weights[0] = weights[-1] = 0.5
    return (b - a) / (n - 1) * np.dot(weights, f(nodes))
