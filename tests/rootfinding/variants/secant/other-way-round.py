"""The differences are taken the other way round: the signs cancel."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        if f(x0) - f(x1) == 0:
            break
        x0, x1 = x1, x1 - f(x1) * (x0 - x1) / (f(x0) - f(x1))
    return x1
