"""Every entry is zero, and the array that was passed has changed. A second name for an array is not
a second array, and a slice like x[:], which copies a list, is only a window on an array: whatever
moves under one name has moved under the other. Look at the line that should make a copy."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x_h = x
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
    return grad
