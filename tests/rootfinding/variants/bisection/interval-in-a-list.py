"""The interval is a list of two ends."""

import numpy as np

def bisection(f, a, b, iterations=20):
    ends = [float(a), float(b)]
    signs = [f(a) < 0, f(b) < 0]
    for _ in range(iterations):
        middle = sum(ends) / 2
        side = signs.index(f(middle) < 0)
        ends[side] = middle
    return np.mean(ends)
