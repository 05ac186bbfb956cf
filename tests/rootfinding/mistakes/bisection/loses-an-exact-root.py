"""When the middle is the root itself, the product of the values is 0, which is not below 0: the search goes on in
the half without the root. What should become of a value of 0?"""

def bisection(f, a, b, iterations=20):
    for _ in range(iterations):
        c = (a + b) / 2
        if f(b) * f(c) < 0:
            a = c
        else:
            b = c
            if f(b) == 0:
                b = c - (c - a) / 4
    return (a + b) / 2
