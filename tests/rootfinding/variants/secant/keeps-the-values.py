"""Each value of f is computed once."""

def secant(f, x0, x1, iterations=5):
    f0, f1 = f(x0), f(x1)
    for _ in range(iterations):
        difference = f1 - f0
        if difference == 0:
            return x1
        x2 = x1 - f1 * (x1 - x0) / difference
        x0, f0 = x1, f1
        x1, f1 = x2, f(x2)
    return x1
