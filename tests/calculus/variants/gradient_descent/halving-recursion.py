"""A recursion that takes the first half of the steps and then the second."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    if iterations == 0:
        return x0
    if iterations == 1:
        return x0 - learning_rate * grad_f(x0)
    half = iterations // 2
    middle = gradient_descent(f, grad_f, x0, learning_rate, half)
    return gradient_descent(f, grad_f, middle, learning_rate, iterations - half)
