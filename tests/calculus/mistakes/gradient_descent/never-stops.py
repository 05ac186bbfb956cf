"""The function does not come back: the condition of the loop is true at the start, and nothing in the
loop ever makes it false. Interrupt the kernel, print the counter in each round, and watch what it
does."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    count = 0
    while count < iterations:
        grad = grad_f(x)
        x = x - learning_rate * grad
    return x
