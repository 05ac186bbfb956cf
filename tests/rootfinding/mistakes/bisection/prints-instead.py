"""The function shows its result with print and returns nothing. A value that others are to use leaves a function
by return."""

def bisection(f, a, b, iterations=20):
    for _ in range(iterations):
        c = (a + b) / 2
        if f(a) * f(c) <= 0:
            b = c
        else:
            a = c
    print((a + b) / 2)
