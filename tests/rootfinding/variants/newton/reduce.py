"""A fold over the numbers of the steps."""

from functools import reduce

def newton(f, df, x0, iterations=5):
    return reduce(lambda x, _: x - f(x) / df(x), range(iterations), x0)
