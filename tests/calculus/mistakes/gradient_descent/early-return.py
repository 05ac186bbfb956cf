"""Only one step is taken, however many are asked for. The return stands inside the loop and ends
the function in its first round. Look at how far the last line is indented."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        grad = grad_f(x)
        x = x - learning_rate * grad
        return x
