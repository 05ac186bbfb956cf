"""copy.deepcopy, which takes numbers and arrays alike."""

import copy

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = copy.deepcopy(x0)
    for step in range(iterations):
        gradient = grad_f(x)
        x = x - gradient * learning_rate
    return x
