"""The interval has been halved once too often. How many middles should f be evaluated at?"""

def bisection(f, a, b, iterations=20):
    for i in range(iterations + 1):
        c = (a + b) / 2
        if f(a) * f(c) <= 0:
            b = c
        else:
            a = c
    return (a + b) / 2
