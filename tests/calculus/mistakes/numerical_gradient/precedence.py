"""All entries are almost zero, too small by a factor of h*h. In a / 2*h Python first divides by 2
and then multiplies by h. Say with parentheses what belongs to the denominator."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x1 = x.copy()
        x2 = x.copy()
        x1[i] += h
        x2[i] -= h
        grad[i] = (f(x1) - f(x2)) / 2*h
    return grad
