"""The answer is the same whatever step is passed, for a fixed number stands where h should. A caller
who passes a larger step expects you to use it. Look for a small constant in the body."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    step = 0.00001
    x_h = np.array(x, dtype=float)
    x_h[i] += step
    return (f(x_h) - f(x)) / step
