"""Every intermediate result has a name."""

import numpy as np


def derivative(f, x, h=1e-5):
    # value on the right
    right = f(x + h)
    # value on the left
    left = f(x - h)
    # rise over run
    rise = right - left
    run = 2.0 * h
    slope = rise / run
    return slope
