"""Moves the coordinate in the caller's array and puts the old value back."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x = np.asarray(x, dtype=float)
    old = x[i]
    base = f(x)
    x[i] = old + h
    moved = f(x)
    x[i] = old
    return (moved - base) / h
