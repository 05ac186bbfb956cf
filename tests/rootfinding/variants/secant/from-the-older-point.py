"""The line is followed from the older point."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        y0, y1 = f(x0), f(x1)
        if y0 == y1:
            break
        x0, x1 = x1, x0 - y0 * (x1 - x0) / (y1 - y0)
    return x1
