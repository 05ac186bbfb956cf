"""The values at the ends are kept, so that f is evaluated once a step."""

def bisection(f, a, b, iterations=20):
    fa = f(a)
    c = (a + b) / 2
    for _ in range(iterations):
        fc = f(c)
        if fa * fc > 0:
            a, fa = c, fc
        else:
            b = c
        c = (a + b) / 2
    return c
