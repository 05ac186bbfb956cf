"""This draws a line through the two ends and takes its root, where the interval should be halved. That is another
method (false position), and it keeps other intervals."""

def bisection(f, a, b, iterations=20):
    def cut():
        return a - f(a) * (b - a) / (f(b) - f(a))
    for _ in range(iterations):
        c = cut()
        if f(a) * f(c) <= 0:
            b = c
        else:
            a = c
    return cut()
