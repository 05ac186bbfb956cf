"""The values at a and b are missing. They belong to one parabola only and weigh 1, not 0."""

import numpy as np


def simpson(f, a, b, n=10):
    x = np.linspace(a, b, n + 1)
    y = f(x)
    return (4 * np.sum(y[1:-1:2]) + 2 * np.sum(y[2:-1:2])) * (b - a) / (3 * n)
