"""The answer is smaller than the slope by a factor of h*h, almost zero: 6e-10 where 6 is due.
Python works through * and / from left to right, so a / 2*h first divides by 2 and then multiplies
by h. Look at the denominator, and say with parentheses what belongs to it."""

import numpy as np


def derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / 2*h
