"""One number comes back where an array of slopes is due. The slopes along the coordinates are added
up, and their sum tells nothing about the single directions. Look at where each slope should be
kept."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    total = 0
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        total += (f(x + step) - f(x)) / h
    return total
