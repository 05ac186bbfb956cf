"""The slope comes out half as steep as it is. One of your two points is x itself, but you divide as if
there were a step on both sides. Compare the distance of the points with the number below the
fraction line."""

import numpy as np


def partial_derivative(f, x, i, h=1e-5):
    x_h = np.array(x, dtype=float)
    x_h[i] += h
    return (f(x_h) - f(x)) / (2 * h)
