"""The size of every slope is right, but rising functions get a negative slope and falling ones a
positive one. The difference is taken the wrong way round. Try f(x) = x, whose slope is 1, and
follow which value is subtracted from which."""

import numpy as np


def derivative(f, x, h=1e-5):
    return (f(x - h) - f(x + h)) / (2 * h)
