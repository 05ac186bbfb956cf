"""The right number appears on the screen, but whoever calls the function gets None. Printing
shows a value to you; it does not hand it to the caller. Look at how the function ends."""

import numpy as np


def derivative(f, x, h=1e-5):
    slope = (f(x + h) - f(x - h)) / (2 * h)
    print(slope)
