"""Arrays work, but a plain number stops with an AttributeError: a float has no method copy. The
lesson's own example, which starts at 0.0, fails this way. Think about what the copy is for, and
whether your loop ever changes the thing that was passed."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0.copy()
    for i in range(iterations):
        grad = grad_f(x)
        x = x - learning_rate * grad
    return x
