"""The answer is one step farther than asked for. The loop counts both its first and its last number.
Ask for a single step, and count how often the loop runs."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    k = 0
    while k <= iterations:
        x = x - learning_rate * grad_f(x)
        k += 1
    return x
