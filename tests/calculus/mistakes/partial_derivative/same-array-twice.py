"""The answer is zero, and the array that was passed has changed. A second name for an array is not
a second array: whatever moves under one name has moved under the other. Look at the line that
should make a copy."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = x
    x_h[i] += h
    return (f(x_h) - f(x)) / h
