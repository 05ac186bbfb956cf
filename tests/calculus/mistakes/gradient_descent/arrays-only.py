"""Arrays work, but for a plain number an array comes back, or the function fails. The text says that
x0 may be a plain number, and that the answer has its shape. Look at what your first line does to a
number."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = np.atleast_1d(np.array(x0, dtype=float))
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
    return x
