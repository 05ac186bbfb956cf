"""Only half of each step is made. That is careful, and slow: the error is halved a step."""

def newton(f, df, x0, iterations=5):
    x = x0
    for k in range(iterations):
        x = x - 0.5 * f(x) / df(x)
    return x
