"""A number works, but for an array only one derivative comes back, that of the first entry. The
return stands inside the loop and ends the function in its first round. Look at how far the return
is indented, and at where the other answers are kept."""

import numpy as np


def derivative(f, x, h=1e-5):
    for value in np.ravel(x):
        slope = (f(value + h) - f(value - h)) / (2 * h)
        return slope
