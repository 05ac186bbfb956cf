"""The coordinates are updated one after another, and each asks for the gradient when those before it
have already moved. That is another method; and a plain number, which has no length, stops it.
A step of gradient descent uses the gradient at a single point: count how often you ask for it in a
step."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = np.array(x0, dtype=float)
    for _ in range(iterations):
        for i in range(len(x)):
            x[i] = x[i] - learning_rate * grad_f(x)[i]
    return x
