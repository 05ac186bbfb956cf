"""Prints every entry while it works."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x) + 0.0
    grad = np.zeros_like(x)
    print("gradient of a function of", len(x), "variables")
    for i in range(len(x)):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
        print(f"  d/dx_{i} = {grad[i]}")
    return grad
