"""The answers are tiny and shrink with the step. np.gradient takes its points to be 1 apart unless
it is told otherwise, and yours are much closer together. Look into its documentation for what it
has to know besides the values."""

import numpy as np


def derivative(f, x, h=1e-5):
    values = np.array([f(x - h), f(x), f(x + h)])
    return np.gradient(values, axis=0)[1]
