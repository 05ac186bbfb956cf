"""Value, slope and step have names."""

def newton(f, df, x0, iterations=5):
    x = x0
    for _ in range(iterations):
        value = f(x)
        slope = df(x)
        step = -value / slope
        x = x + step
    return x
