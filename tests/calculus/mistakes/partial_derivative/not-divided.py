"""The answer is tiny and shrinks with the step: it is a difference of f, not a slope. A slope is rise
over run. Look again at what stands below the fraction line in the formula."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x, dtype=float)
    x_h[i] += h
    return f(x_h) - f(x)
