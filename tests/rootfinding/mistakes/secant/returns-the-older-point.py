"""What is returned is the last point but one."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        if f(x1) == f(x0):
            break
        x0, x1 = x1, x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
    return x0
