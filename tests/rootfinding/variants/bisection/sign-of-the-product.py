"""The product of two values tells whether their signs differ."""

def bisection(f, a, b, iterations=20):
    for i in range(iterations):
        c = (a + b) / 2
        if f(a) * f(c) <= 0:
            b = c
        else:
            a = c
    return (a + b) / 2
