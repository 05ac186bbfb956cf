"""The return statement stands inside of the loop, so that it ends with the first halving."""

def bisection(f, a, b, iterations=20):
    for _ in range(iterations):
        c = (a + b) / 2
        if f(a) * f(c) <= 0:
            b = c
        else:
            a = c
        return (a + b) / 2
