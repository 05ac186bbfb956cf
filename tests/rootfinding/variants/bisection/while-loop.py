"""A counter in a while loop."""

def bisection(f, a, b, iterations=20):
    k = 0
    while k < iterations:
        m = a + (b - a) / 2
        if f(m) == 0:
            return m
        if f(a) * f(m) < 0:
            b = m
        else:
            a = m
        k = k + 1
    return a + (b - a) / 2
