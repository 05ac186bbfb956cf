"""The example works, for it has two coordinates; a point with more or fewer does not. The number of
coordinates stands in the code. The array itself knows how many there are: look at the lines that
take it apart."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    a, b = x
    if i == 0:
        return (f(np.array([a + h, b])) - f(np.array([a - h, b]))) / (2 * h)
    return (f(np.array([a, b + h])) - f(np.array([a, b - h]))) / (2 * h)
