"""One step less is made than is asked for: a loop that starts at 1 leaves one out."""

def secant(f, x0, x1, iterations=5):
    for k in range(1, iterations):
        if f(x1) == f(x0):
            break
        x0, x1 = x1, x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
    return x1
