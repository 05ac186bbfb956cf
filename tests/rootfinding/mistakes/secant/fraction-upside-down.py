"""The slope has been turned upside down: a step is the value divided by the slope, and the slope is a difference
of values by a difference of places."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        if f(x1) == f(x0):
            break
        x0, x1 = x1, x1 - f(x1) * (f(x1) - f(x0)) / (x1 - x0)
    return x1
