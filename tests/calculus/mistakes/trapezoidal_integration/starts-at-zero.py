"""The answer is right where a is 0, as in the example, and wrong elsewhere: your points begin at 0
whatever a is. Pass an interval that begins somewhere else and print the points."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    h = (b - a) / n
    x = np.arange(n + 1) * h
    y = f(x)
    return h * (np.sum(y) - (y[0] + y[-1]) / 2)
