"""A helper computes one partial derivative, the function collects them."""

import numpy as np


def _partial(f, x, i, h):
    up = [float(value) for value in x]
    down = list(up)
    up[i] = up[i] + h
    down[i] = down[i] - h
    return (f(np.array(up)) - f(np.array(down))) / (up[i] - down[i])


def numerical_gradient(f, x, h=1e-5):
    return np.array([_partial(f, x, i, h) for i in range(len(x))])
