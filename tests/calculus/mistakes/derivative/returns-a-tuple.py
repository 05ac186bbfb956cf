"""The slope is in there, but together with something else: the function returns a tuple. A caller
who wants to calculate with the derivative cannot. Return the derivative and nothing more."""

import numpy as np


def derivative(f, x, h=1e-5):
    central = (f(x + h) - f(x - h)) / (2 * h)
    forward = (f(x + h) - f(x)) / h
    return central, abs(central - forward)
