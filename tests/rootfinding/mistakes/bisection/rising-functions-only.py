"""This takes it that f rises. Where f falls, the other half has the root: compare the sign in the middle with
the sign at an end."""

def bisection(f, a, b, iterations=20):
    for _ in range(iterations):
        c = (a + b) / 2
        if f(c) < 0:
            a = c
        else:
            b = c
    return (a + b) / 2
