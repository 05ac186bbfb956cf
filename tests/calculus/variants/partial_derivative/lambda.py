"""A lambda that was given the name."""

import numpy as np

partial_derivative = lambda f, x, i, h=1e-5: (
    f(x + h * (np.arange(len(x)) == i)) - f(x - h * (np.arange(len(x)) == i))
) / (2 * h)
