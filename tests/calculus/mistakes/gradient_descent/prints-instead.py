"""The point appears on the screen, but the caller gets None. Printing shows a value to you and hands
it to nobody. Look at how the function ends."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        x = x - learning_rate * grad_f(x)
    print("Minimum at x =", x)
