"""A backward difference."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    before = 1.0 * np.array(x)
    before[i] = before[i] - h
    return (f(x) - f(before)) / h
