"""A counter in a while loop."""

def secant(f, x0, x1, iterations=5):
    k = 0
    while k < iterations and f(x1) != f(x0):
        x2 = x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
        x0 = x1
        x1 = x2
        k += 1
    return x1
