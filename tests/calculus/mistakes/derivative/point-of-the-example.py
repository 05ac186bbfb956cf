"""The answer does not depend on x: the function looks at the point of the example, 3, and nowhere
else. It passes for f(x) = x**2 at 3 and fails at any other point. Look for a number in the body that
should be a parameter."""

import numpy as np


def derivative(f, x, h=1e-5):
    return (f(3 + h) - f(3 - h)) / (2 * h)
