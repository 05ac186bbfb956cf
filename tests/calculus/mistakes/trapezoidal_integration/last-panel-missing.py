"""The area ends one panel before b. The width counts n panels, and one less of them is added up; a
loop can end too early, and np.arange and endpoint=False leave the end out by themselves. Write down
the right end of the last trapezoid that you add, and compare it with b."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    h = (b - a) / n
    total = 0.0
    for i in range(n - 1):
        x0 = a + i * h
        x1 = x0 + h
        total += h * (f(x0) + f(x1)) / 2
    return total
