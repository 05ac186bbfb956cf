"""Prints the value of f on the way."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
        if i % 10 == 0:
            print(f"step {i}: f = {f(x)}")
    return x
