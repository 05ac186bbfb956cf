"""The step is written with one fraction."""

def newton(f, df, x0, iterations=5):
    x = float(x0)
    for _ in range(iterations):
        slope = df(x)
        x = (x * slope - f(x)) / slope
    return x
