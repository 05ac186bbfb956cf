"""The answer is right, but the array that was passed as x0 has moved along. A second name is not a
second array, and -= changes an array where it stands; an array of integers even refuses it. Look at
how x begins, and at the update."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x -= learning_rate * grad_f(x)
    return x
