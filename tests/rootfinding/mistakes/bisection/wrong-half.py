"""The half that is kept is the one without the root. Where the signs at a and in the middle differ, the root
lies between them."""

def bisection(f, a, b, iterations=20):
    for _ in range(iterations):
        c = (a + b) / 2
        if f(a) * f(c) <= 0:
            a = c
        else:
            b = c
    return (a + b) / 2
