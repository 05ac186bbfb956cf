"""The interval has been halved once too rarely: a loop that starts at 1 makes a step less. Count the middles
that f is evaluated at."""

def bisection(f, a, b, iterations=20):
    for i in range(1, iterations):
        c = (a + b) / 2
        if f(a) * f(c) <= 0:
            b = c
        else:
            a = c
    return (a + b) / 2
