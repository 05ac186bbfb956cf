"""This is a good rule, but another one: weights of 1, 4, 2 and a division by 3 are Simpson's
parabolas. The exercise asks for straight lines between the points. Look at how much each point
counts in the formula of the text."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    if n % 2 == 1:
        n = n + 1
    x = np.linspace(a, b, n + 1)
    y = f(x)
    h = (b - a) / n
    return h / 3 * (y[0] + 4 * np.sum(y[1:-1:2]) + 2 * np.sum(y[2:-1:2]) + y[-1])
