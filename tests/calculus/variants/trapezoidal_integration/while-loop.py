"""A while loop with a counter, and a print that was left over."""

import numpy as np


def trapezoidal_integration(func, lower, upper, num=1000):
    width = (upper - lower) / num
    area = 0
    k = 0
    y_left = func(lower)
    while k < num:
        y_right = func(lower + (k + 1) * width)
        area = area + (y_left + y_right) * width / 2
        y_left = y_right
        k = k + 1
    print("area:", area)
    return area
