"""An exact root ends the search: further steps would stay there."""

def newton(f, df, x0, iterations=5):
    x = x0
    for _ in range(iterations):
        fx = f(x)
        if fx == 0:
            break
        x = x - fx / df(x)
    return x
