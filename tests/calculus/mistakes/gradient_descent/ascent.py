"""The point climbs: every step leads away from the minimum, and the values grow. The gradient shows
where f rises fastest, and you follow it. Look at the sign in your update."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x + learning_rate * grad_f(x)
    return x
