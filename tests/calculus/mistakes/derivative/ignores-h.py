"""The answer is the same whatever step is passed: h is set anew inside the function, or a number
stands where h should. Whoever calls your function with a larger step expects you to use it. Look
for a fixed step in the body."""

import numpy as np


def derivative(f, x, h=1e-5):
    h = 1e-5
    return (f(x + h) - f(x - h)) / (2 * h)
