"""Divides the panels between two halves until a single one is left."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    y = f(np.linspace(a, b, n + 1))

    def area(first, last):
        if last - first == 1:
            return (y[first] + y[last]) / 2
        middle = (first + last) // 2
        return area(first, middle) + area(middle, last)

    return area(0, n) * (b - a) / n
