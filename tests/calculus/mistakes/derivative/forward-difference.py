"""Your slope is measured from x to a point on its right. It is close, but the error only halves
when the step is halved, where the exercise asks for one that falls to a quarter. Look at the picture
of error against h, and at which points the formula in the text evaluates f."""

import numpy as np


def derivative(f, x, h=1e-5):
    return (f(x + h) - f(x)) / h
