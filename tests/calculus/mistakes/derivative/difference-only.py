"""The function returns how much f changes between two points near x, a number that goes to zero
with the step. A change is not yet a slope. Look again at what stands below the fraction line in
the formula."""

import numpy as np


def derivative(f, x, h=1e-5):
    return f(x + h) - f(x - h)
