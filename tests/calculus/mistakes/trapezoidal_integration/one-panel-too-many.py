"""The area goes on beyond b, by one panel. The loop runs once more than there are panels of this
width. Write down the right end of the last trapezoid that you add."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    dx = (b - a) / n
    area = 0
    for i in range(n + 1):
        area += (f(a + i*dx) + f(a + (i + 1)*dx)) / 2 * dx
    return area
