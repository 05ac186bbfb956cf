"""The descent ends before its steps are used up, because a step looked small enough. Where the
ground is flat, small steps can still lead far. The text allows to stop only where further steps
change nothing at all: look at your condition."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        new_x = x - learning_rate * grad_f(x)
        if np.max(np.abs(new_x - x)) < 0.05:
            break
        x = new_x
    return x
