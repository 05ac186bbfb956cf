"""The area is a little too small, by one part in n: a fifth is missing with 5 points, a thousandth
with 1000. n points are taken, but the interval is divided as if they enclosed n panels. Count the
panels between five points on paper, and look at the width."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = f(x)
    dx = (b - a) / n
    return np.sum((y[:-1] + y[1:]) / 2) * dx
