"""This is a good rule, but another one: f is evaluated in the middle of each panel, and a
trapezoid stands on the values at its two ends. For few points the two give different numbers.
Compare the points at which you evaluate f with those in the text."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    h = (b - a) / n
    total = 0
    for i in range(n):
        total += f(a + (i + 0.5) * h)
    return total * h
