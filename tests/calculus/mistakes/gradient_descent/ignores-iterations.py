"""The answer is the same for any number of steps: the loop always runs a hundred times. It goes
unnoticed as long as the default is used. Look at what decides how often the loop runs."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(100):
        x = x - learning_rate * grad_f(x)
    return x
