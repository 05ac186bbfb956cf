"""The descent begins at zero, wherever the caller wanted it to begin. In the example x0 is 0, so
nobody notices. Pass another start and print the first point at which you take the gradient."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = np.zeros(np.shape(x0))
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
    return x
