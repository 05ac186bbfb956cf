"""The value of f is subtracted as it is. How far it is to the root depends on the slope, too."""

def newton(f, df, x0, iterations=5):
    x = x0
    for _ in range(iterations):
        x = x - f(x)
    return x
