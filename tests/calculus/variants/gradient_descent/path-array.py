"""An array with a row for each point of the path."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    path = np.zeros((iterations + 1,) + np.shape(x0))
    path[0] = x0
    for k in range(iterations):
        path[k + 1] = path[k] - learning_rate * grad_f(path[k])
    return path[iterations]
