"""Half a step to each side, so that the points are h apart."""

import numpy as np


def derivative(f, x, h=1e-5):
    return (f(x + h / 2) - f(x - h / 2)) / h
