"""Checks its arguments before it works, and warns about a small step."""

import warnings

import numpy as np


def derivative(f, x, h=1e-5):
    if not callable(f):
        raise TypeError("f must be a function")
    if h <= 0:
        raise ValueError("h must be positive")
    if h < 1e-4:
        warnings.warn("h is small, rounding errors are possible")
    return (f(x + h) - f(x - h)) / (2 * h)
