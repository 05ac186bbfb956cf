"""The entries are whole numbers, with everything behind the decimal point cut off: 3.9999 becomes
3. The array that takes the slopes was made for integers, and NumPy stores floats in it without a
warning. Look at where that array is made."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.array([0] * len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        grad[i] = (f(x + step) - f(x - step)) / (2 * h)
    return grad
