"""One step, and the function itself for the others."""

def secant(f, x0, x1, iterations=5):
    if iterations == 0 or f(x0) == f(x1):
        return x1
    x2 = x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
    return secant(f, x1, x2, iterations - 1)
