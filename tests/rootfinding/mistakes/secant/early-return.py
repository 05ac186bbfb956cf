"""The return statement stands inside of the loop, so that it ends with the first step."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        if f(x1) == f(x0):
            break
        x0, x1 = x1, x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
        return x1
    return x1
