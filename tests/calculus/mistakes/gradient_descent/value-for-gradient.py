"""The steps have the length of f, not of its gradient, and all coordinates move by the same amount.
f tells how high you stand, grad_f which way is up. Look at which of the two functions your update
calls."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x - learning_rate * f(x)
    return x
