"""f is asked for its values somewhere else: the points are converted from degrees to radians first.
f takes its argument in the unit of a and b, and nothing here is an angle. Look at what happens to
the points before f sees them."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = f(np.radians(x))
    dx = (b - a) / (n - 1)
    return dx * (np.sum(y) - (y[0] + y[-1]) / 2)
