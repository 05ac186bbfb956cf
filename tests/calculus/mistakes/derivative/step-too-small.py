"""Every answer is zero. The step is so small that x + h and x are one and the same number to the
computer, which keeps about 16 digits, so nothing is left of the difference. A smaller step is not
always a better one: look at the left end of the picture, and use the step that you are given."""

import numpy as np


def derivative(f, x, h=1e-5):
    h = 1e-20  # as exact as possible
    return (f(x + h) - f(x - h)) / (2 * h)
