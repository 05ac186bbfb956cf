"""Where there is no next step, the division says so."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        try:
            x2 = x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
        except ZeroDivisionError:
            return x1
        x0, x1 = x1, x2
    return x1
