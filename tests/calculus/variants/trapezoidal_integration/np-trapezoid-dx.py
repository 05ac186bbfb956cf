"""NumPy's own rule, told the width of a panel."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x, step = np.linspace(a, b, n + 1, retstep=True)
    return np.trapezoid(f(x), dx=step)
