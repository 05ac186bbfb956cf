"""Keeps the whole path for a plot and returns its last point."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    history = [np.array(x0, dtype=float)]
    for _ in range(iterations):
        x = history[-1]
        history.append(x - learning_rate * grad_f(x))
    return history[-1]
