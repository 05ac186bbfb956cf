"""Binds x to a new value in every step, so nothing has to be copied."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
    return x
