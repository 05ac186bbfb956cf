"""A value of 0 ends the search, too."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        y0, y1 = f(x0), f(x1)
        if y1 == 0 or y0 == y1:
            break
        x0, x1 = x1, x1 - y1 * (x1 - x0) / (y1 - y0)
    return x1
