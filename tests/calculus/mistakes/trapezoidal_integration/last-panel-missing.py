"""The area ends one panel before b. The loop runs one round less than there are panels of this
width, as if n counted points, while the width counts n panels. Write down the right end of the last
trapezoid that you add."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    h = (b - a) / n
    total = 0.0
    for i in range(n - 1):
        x0 = a + i * h
        x1 = x0 + h
        total += h * (f(x0) + f(x1)) / 2
    return total
