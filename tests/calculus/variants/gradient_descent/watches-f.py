"""Evaluates f in every step and warns where it rises, but goes on."""

import warnings

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    value = f(x)
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
        previous, value = value, f(x)
        if value > previous:
            warnings.warn("f has risen: the learning rate may be too large")
    return x
