"""The answers are whole numbers: everything behind the decimal point is lost. It goes unnoticed
where the slope is 6 and spoils all others. Look for a place where a float is turned into an
integer."""

import numpy as np


def derivative(f, x, h=1e-5):
    slope = (f(x + h) - f(x - h)) / (2 * h)
    return np.rint(slope).astype(int)
