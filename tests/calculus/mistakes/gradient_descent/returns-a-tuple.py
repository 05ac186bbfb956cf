"""The point is in there, but so is the value of f: the function returns a tuple of two things. The
exercise asks for the point alone. Look at what stands behind return."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
    return x, f(x)
