"""What comes back is how low f is at the end, not where. The exercise asks for the point, of the same
shape as x0. Look at what stands behind return."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
    return f(x)
