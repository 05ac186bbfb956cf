"""What is returned is the middle that was looked at last, which is an end of the interval that is left. The
answer is the middle of that interval."""

def bisection(f, a, b, iterations=20):
    c = (a + b) / 2
    for _ in range(iterations):
        c = (a + b) / 2
        if f(a) * f(c) <= 0:
            b = c
        else:
            a = c
    return c
