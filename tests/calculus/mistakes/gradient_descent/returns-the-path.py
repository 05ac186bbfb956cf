"""The whole path comes back, where the point at its end is asked for. The path makes a fine picture,
but a caller who wants the minimum cannot calculate with it. Look at what stands behind return."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    path = [x]
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
        path.append(x)
    return np.array(path)
