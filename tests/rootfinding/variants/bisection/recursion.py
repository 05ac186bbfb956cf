"""A half of the interval is bisected by the function itself."""

def bisection(f, a, b, iterations=20):
    c = (a + b) / 2
    if iterations == 0:
        return c
    if (f(a) > 0) == (f(c) > 0):
        return bisection(f, c, b, iterations - 1)
    return bisection(f, a, c, iterations - 1)
