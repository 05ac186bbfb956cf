"""A stencil of points and weights, contracted with tensordot."""

import numpy as np


def derivative(f, x, h=1e-5):
    offsets = np.array([-2, -1, 1, 2])
    weights = np.array([1, -8, 8, -1]) / 12
    values = np.array([f(x + k * h) for k in offsets])
    return np.tensordot(weights, values, axes=1) / h
