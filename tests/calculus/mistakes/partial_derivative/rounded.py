"""The answer looks neat, but digits are missing: it is rounded to two decimals. Whoever needs a short
number can round it for printing; a function should return what it knows. Look at the last line."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x, dtype=float)
    x_h[i] += h
    return round(float((f(x_h) - f(x)) / h), 2)
