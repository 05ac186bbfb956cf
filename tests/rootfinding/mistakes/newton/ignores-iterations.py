"""Five steps are made, whatever number of steps is asked for."""

def newton(f, df, x0, iterations=5):
    x = x0
    for k in range(5):
        x = x - f(x) / df(x)
    return x
