"""The answer tells how f bends along the coordinate, not how it rises, and at the default step it is
noisy as well. Three values and a division by h twice make a second derivative. Compare your formula
with the one in the text."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    e = np.zeros(len(x))
    e[i] = h
    return (f(x + e) - 2*f(x) + f(x - e)) / h / h
