"""A helper takes one step."""

import numpy as np


def one_step(x, g, rate):
    return x - rate * g


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for _ in range(iterations):
        x = one_step(x, grad_f(x), learning_rate)
    return x
