"""The answers look neat, but digits are missing: they are rounded to two decimals. Whoever needs a
short number can round it for printing; a function should return what it knows. Look at the last
line."""

import numpy as np


def derivative(f, x, h=1e-5):
    d = (f(x + h) - f(x - h)) / (2 * h)
    return np.round(d, 2)
