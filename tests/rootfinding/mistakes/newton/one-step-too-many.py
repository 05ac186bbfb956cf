"""One step more is made than is asked for."""

def newton(f, df, x0, iterations=5):
    x = x0 - f(x0) / df(x0)
    for k in range(iterations):
        x = x - f(x) / df(x)
    return x
