"""The steps get shorter than the formula says, because the learning rate is divided by the number of
the step. That is a known method, but another one: here the rate stays as it was passed. Look at what
changes from round to round."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        rate = learning_rate / (1 + i)
        x = x - rate * grad_f(x)
    return x
