"""The width of a panel comes out nearly as large as b. Division binds tighter than subtraction, so
only a is divided. It goes unnoticed where a is 0 and n small. Print the width for an example that
you can check in your head."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = f(x)
    h = b - a / (n - 1)
    return h * np.sum((y[:-1] + y[1:]) / 2)
