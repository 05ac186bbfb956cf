"""np.where picks the coordinate that moves."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    moves = np.arange(len(x)) == i
    return (f(np.where(moves, x + h, x)) - f(np.where(moves, x - h, x))) / (2 * h)
