"""Prints the points that it compares."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x) * 1.0
    print("before:", x_h)
    x_h[i] += h
    print("after:", x_h)
    slope = (f(x_h) - f(x)) / h
    return slope
