"""A generator of points, of which the last one counts."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    def points():
        x = x0
        yield x
        for _ in range(iterations):
            x = x - learning_rate * grad_f(x)
            yield x

    *_, last = points()
    return last
