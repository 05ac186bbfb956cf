"""A function makes one step."""

def newton_step(f, df, x):
    return x - f(x) / df(x)

def newton(f, df, x0, iterations=5):
    x = x0
    for _ in range(iterations):
        x = newton_step(f, df, x)
    return x
