"""The gradient appears on the screen, but the caller gets None. Printing shows a value to you and
hands it to nobody. Look at how the function ends."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros(len(x))
    for i in range(len(x)):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
    print("Gradient:", grad)
