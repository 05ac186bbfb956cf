"""functools.reduce over the steps."""

from functools import reduce

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    return reduce(lambda x, _: x - learning_rate * grad_f(x), range(iterations), x0)
