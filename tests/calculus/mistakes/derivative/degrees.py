"""The answers fit a function that was evaluated somewhere else: x is converted from degrees to
radians first. f takes x in whatever unit x comes in, and nothing in the exercise is an angle. Look
at what happens to x before f sees it."""

import numpy as np


def derivative(f, x, h=1e-5):
    x = np.deg2rad(x)
    return (f(x + h) - f(x - h)) / (2 * h)
