"""Richardson's extrapolation, written as a recursion over its levels."""

import numpy as np


def derivative(f, x, h=1e-5, level=1):
    if level == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    better = derivative(f, x, h / 2, level - 1)
    worse = derivative(f, x, h, level - 1)
    return (4**level * better - worse) / (4**level - 1)
