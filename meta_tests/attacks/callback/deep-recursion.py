"""Recurse deeply through f: student code that calls itself with what f gave, thousands of times.

Must be observed: a RecursionError in the student's process.
"""

# %% derivative
import sys

sys.setrecursionlimit(10**6)


def derivative(f, x, h=1e-5):
    return derivative(f, f(x), h)
