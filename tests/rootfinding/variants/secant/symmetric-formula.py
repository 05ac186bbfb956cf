"""The root of the line, as a weighted mean of the two points."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        a, b = f(x0), f(x1)
        if a == b:
            break
        x0, x1 = x1, (x0 * b - x1 * a) / (b - a)
    return x1
