"""All steps are equally long, in the direction of the gradient: it is divided by its norm. So the
point cannot settle in a minimum, and from a steep place it moves too little. In the formula the
length of the gradient matters, too."""

import numpy as np


def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0
    for i in range(iterations):
        g = grad_f(x)
        x = x - learning_rate * g / np.linalg.norm(g)
    return x
