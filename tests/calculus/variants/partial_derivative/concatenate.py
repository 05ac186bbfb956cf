"""Builds the shifted point from its parts."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    right = np.concatenate([x[:i], [x[i] + h], x[i + 1:]])
    left = np.concatenate([x[:i], [x[i] - h], x[i + 1:]])
    return (f(right) - f(left)) / (right[i] - left[i])
