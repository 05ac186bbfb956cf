"""Five steps are made, whatever number of steps is asked for."""

def secant(f, x0, x1, iterations=5):
    for k in range(5):
        if f(x1) == f(x0):
            break
        x0, x1 = x1, x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
    return x1
