"""The answers tell how f bends, not how it rises: this is the formula of the second derivative, and
at the default step it is noisy as well. It also uses the value in the middle, which the central
difference for a slope does not need. Compare it with the formula in the text."""

import numpy as np


def derivative(f, x, h=1e-5):
    return (f(x + h) - 2*f(x) + f(x - h)) / h**2
