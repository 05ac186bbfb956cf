"""The return statement stands inside of the loop, so that it ends with the first step."""

def newton(f, df, x0, iterations=5):
    x = x0
    for k in range(iterations):
        x = x - f(x) / df(x)
        return x
    return x
