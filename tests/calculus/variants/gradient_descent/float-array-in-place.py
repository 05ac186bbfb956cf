"""Makes one array of floats and updates it in place, even for a plain number."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = np.array(x0, dtype=float)
    for _ in range(iterations):
        x -= learning_rate * grad_f(x)
    return x
