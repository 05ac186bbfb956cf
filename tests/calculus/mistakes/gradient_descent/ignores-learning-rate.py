"""The answer is the same for every learning rate: a fixed number stands where the parameter should.
It goes unnoticed as long as the default is used. Look for a constant in your update."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x - 0.01 * grad_f(x)
    return x
