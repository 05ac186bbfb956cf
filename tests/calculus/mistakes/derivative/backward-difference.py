"""Your slope is measured from a point on the left of x up to x. It is close, but the error only
halves when the step is halved, where the exercise asks for one that falls to a quarter. Compare the
points at which you evaluate f with those in the text."""

import numpy as np


def derivative(f, x, h=1e-5):
    y2 = f(x)
    y1 = f(x - h)
    return (y2 - y1) / h
