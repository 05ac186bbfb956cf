"""The answer is where the step before the last one leads. The loop begins at 1 but ends as if it had
begun at 0. Ask for a single step, and count how often the loop runs."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(1, iterations):
        x = x - learning_rate * grad_f(x)
    return x
