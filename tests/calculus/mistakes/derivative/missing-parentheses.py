"""The answers are huge and negative where f is positive, for only the second value is divided by
the small number. Division binds tighter than subtraction, in Python as on paper. Look at which
part of the numerator the fraction line really covers."""

import numpy as np


def derivative(f, x, h=1e-5):
    return f(x + h) - f(x - h) / (2 * h)
