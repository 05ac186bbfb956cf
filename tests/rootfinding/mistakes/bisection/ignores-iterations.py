"""The interval is halved twenty times, whatever number of halvings is asked for."""

def bisection(f, a, b, iterations=20):
    for _ in range(20):
        c = (a + b) / 2
        if f(a) * f(c) <= 0:
            b = c
        else:
            a = c
    return (a + b) / 2
