"""What comes back is not a number but a function that would compute one. The inner function is
defined and returned, and nobody has called it. The exercise passes x for that purpose: look at what
stands behind the last return."""

import numpy as np


def derivative(f, x, h=1e-5):
    def slope(t):
        return (f(t + h) - f(t - h)) / (2 * h)
    return slope
