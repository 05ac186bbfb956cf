"""Newton's step with the slope of the line through two points."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        if f(x1) == f(x0):
            break
        slope = (f(x1) - f(x0)) / (x1 - x0)
        x0, x1 = x1, x1 - f(x1) / slope
    return x1
