"""The answer is almost zero, too small by a factor of h*h. In a / 2*h Python first divides by 2 and
then multiplies by h. Say with parentheses what belongs to the denominator."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    up = np.array(x, dtype=float)
    down = np.array(x, dtype=float)
    up[i] += h
    down[i] -= h
    return (f(up) - f(down)) / 2*h
