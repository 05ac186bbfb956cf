"""x - f(x) is computed before the division: Python divides what stands in the parentheses."""

def newton(f, df, x0, iterations=5):
    x = x0
    for _ in range(iterations):
        x = (x - f(x)) / df(x)
    return x
