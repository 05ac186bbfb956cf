"""A while loop and other names for the parameters."""

import numpy as np


def gradient_descent(func, gradient, start, lr=0.01, n_steps=100):
    position = np.copy(start)
    k = 0
    while k < n_steps:
        position = position - lr * gradient(position)
        k += 1
    return position
