"""One step, and the function itself for the others."""

def newton(f, df, x0, iterations=5):
    if iterations == 0:
        return x0
    return newton(f, df, x0 - f(x0) / df(x0), iterations - 1)
