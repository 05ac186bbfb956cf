"""An array comes back where one number is due: the areas of the single trapezoids. Each of them is
right, and nobody has put them together. Look at what still has to happen to them."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = f(x)
    dx = (b - a) / (n - 1)
    areas = (y[:-1] + y[1:]) / 2 * dx
    return areas
