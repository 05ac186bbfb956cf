"""The mean of the forward and the backward difference."""

import numpy as np


def derivative(f, x, h=1e-5):
    fx = f(x)
    forward = (f(x + h) - fx) / h
    backward = (fx - f(x - h)) / h
    return 0.5 * (forward + backward)
