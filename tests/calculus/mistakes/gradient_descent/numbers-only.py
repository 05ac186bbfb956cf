"""A plain number works, an array stops with an error: x0 is turned into one float. The text says
that x0 may be either. Look at the first line, and ask whether it is needed."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = float(x0)
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
    return x
