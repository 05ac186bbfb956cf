"""Adds the direction of descent, which is minus the gradient."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = np.asarray(x0)
    for _ in range(iterations):
        direction = np.negative(grad_f(x))
        x = np.add(x, np.multiply(learning_rate, direction))
    return x
