"""When the middle is the root itself, the product of the values is 0, which is not below 0: the search goes on in
the half without the root. What should become of a value of 0?"""

def bisection(f, a, b, iterations=20):
    for _ in range(iterations):
        c = (a + b) / 2
        if f(a) * f(c) < 0:
            b = c
        else:
            a = c
    return (a + b) / 2
