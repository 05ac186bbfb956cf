"""The answers are zero or jump about wildly. The step is so small that x + h and x are the same
number, or nearly so, to the computer, and the subtraction leaves only rounding errors. A smaller
step is not always a better one: look at the left end of the picture, and use the step you are
given."""

import numpy as np


def derivative(f, x, h=1e-5):
    # make it more exact
    h = h * 1e-10
    return (f(x + h) - f(x - h)) / (2 * h)
