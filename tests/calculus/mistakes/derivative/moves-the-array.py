"""The slopes are right, but an array that is passed as x holds other numbers after the call. For
arrays += and -= change the array itself, which belongs to the caller, and an array of integers
refuses the step altogether. Look for a way to write the shifted point as a new value."""

import numpy as np


def derivative(f, x, h=1e-5):
    x += h
    right = f(x)
    x -= 2 * h
    left = f(x)
    return (right - left) / (2 * h)
