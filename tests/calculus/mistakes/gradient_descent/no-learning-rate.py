"""Each step is as long as the gradient itself, and the point leaps over the minimum, often farther
each time. The learning rate is passed and never used. Look at what the formula multiplies the
gradient by."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x - grad_f(x)
    return x
