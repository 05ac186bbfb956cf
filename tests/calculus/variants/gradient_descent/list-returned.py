"""Arrays come back as lists."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = np.array(x0, dtype=float)
    for i in range(iterations):
        x = x - learning_rate * np.asarray(grad_f(x))
    return x.tolist()
