"""All steps go the same way by the same length: the gradient is taken at the start and never again.
On a curved surface it is another one at every point. Look at which lines stand before the loop."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    grad = grad_f(x)
    for i in range(iterations):
        x = x - learning_rate * grad
    return x
