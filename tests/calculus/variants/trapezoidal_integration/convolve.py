"""A moving mean of two neighbours, by convolution."""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    y = f(np.linspace(a, b, n))
    means = np.convolve(y, [0.5, 0.5], mode="valid")
    return means.sum() * (b - a) / len(means)
