"""A single number works, an array stops with an error: the function turns x into one float, and an
array of several numbers is not one. The text says that x may be an array, with one derivative for
each entry. Look at the line that converts x, and ask whether it is needed."""

import numpy as np


def derivative(f, x, h=1e-5):
    x = float(x)
    return (f(x + h) - f(x - h)) / (2 * h)
