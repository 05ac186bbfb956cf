"""A counter in a while loop."""

def newton(f, df, x0, iterations=5):
    x = x0
    n = 0
    while n < iterations:
        x = x - f(x) / df(x)
        n += 1
    return x
