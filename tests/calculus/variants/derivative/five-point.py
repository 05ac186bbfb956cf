"""The five-point stencil, of order 4."""

import numpy as np


def derivative(f, x, h=1e-5):
    return (f(x - 2*h) - 8*f(x - h) + 8*f(x + h) - f(x + 2*h)) / (12*h)
