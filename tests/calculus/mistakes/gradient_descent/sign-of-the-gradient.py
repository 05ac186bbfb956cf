"""Every coordinate moves by the same length in every step: only the sign of the gradient is used.
How steep the ground is counts as well. Look at what happens to the gradient before you multiply
it."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x - learning_rate * np.sign(grad_f(x))
    return x
