"""The unit vector is a row of the identity matrix."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    step = h * np.eye(np.size(x))[i]
    return (f(x + step) - f(x)) / h
