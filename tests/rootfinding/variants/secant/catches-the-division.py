"""Where there is no next step, the division says so."""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        try:
            x2 = x1 - float(f(x1)) * (x1 - x0) / (float(f(x1)) - float(f(x0)))
        except ZeroDivisionError:
            return x1
        x0, x1 = x1, x2
    return x1
