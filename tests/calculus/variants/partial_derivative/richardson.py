"""Richardson's extrapolation of two central differences."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    e = np.zeros(len(x))
    e[i] = 1.0
    coarse = (f(x + h*e) - f(x - h*e)) / (2*h)
    fine = (f(x + h/2*e) - f(x - h/2*e)) / h
    return (4*fine - coarse) / 3
