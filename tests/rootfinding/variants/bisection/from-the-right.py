"""The sign at b is the one that is compared."""

def bisection(f, a, b, iterations=20):
    fb = f(b)
    for _ in range(iterations):
        c = (a + b) / 2
        if f(c) * fb > 0:
            b = c
        else:
            a = c
    return (a + b) / 2
