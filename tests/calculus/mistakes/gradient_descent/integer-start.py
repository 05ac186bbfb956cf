"""From floats the answer is right; from an array of integers it is not, for the fractions are cut off
after every step. An array keeps the kind of numbers that it was made with, and does not warn. Look at
where the array is made into which you write."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = np.array(x0)
    for i in range(iterations):
        x[...] = x - learning_rate * grad_f(x)
    return x
