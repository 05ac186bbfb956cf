"""The lesson's loop, with a copy only where x0 has one to give."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    if hasattr(x0, "copy"):
        x = x0.copy()
    else:
        x = x0
    for i in range(iterations):
        grad = grad_f(x)
        x = x - learning_rate * grad
    return x
