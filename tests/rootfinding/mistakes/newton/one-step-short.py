"""One step less is made than is asked for: a loop that starts at 1 leaves one out."""

def newton(f, df, x0, iterations=5):
    x = x0
    for k in range(1, iterations):
        x = x - f(x) / df(x)
    return x
