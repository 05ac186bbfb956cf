"""One large trapezoid spans the whole interval, and n is not used. It is exact for a straight line
and poor for everything else. The rule cuts the interval into panels: where do you do that?"""

import numpy as np


def trapezoidal_integration(f, a, b, n=1000):
    return (b - a) * (f(a) + f(b)) / 2
