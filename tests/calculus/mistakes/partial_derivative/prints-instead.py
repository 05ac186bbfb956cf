"""The slope appears on the screen, but the caller gets None. Printing shows a value to you and hands
it to nobody. Look at how the function ends."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x, dtype=float)
    x_h[i] += h
    print((f(x_h) - f(x)) / h)
