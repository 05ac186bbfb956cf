"""The area appears on the screen, but the caller gets None. Printing shows a value to you and hands
it to nobody. Look at how the function ends."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = f(x)
    dx = (b - a) / (n - 1)
    result = np.sum((y[:-1] + y[1:]) / 2) * dx
    print("Integral:", result)
