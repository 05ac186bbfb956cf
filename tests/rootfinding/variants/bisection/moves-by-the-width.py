"""The middle moves by half the width to the side of the root."""

def bisection(f, a, b, iterations=20):
    rising = f(b) > f(a)
    middle, width = (a + b) / 2, b - a
    for _ in range(iterations):
        width = width / 2
        if (f(middle) < 0) == rising:
            middle = middle + width / 2
        else:
            middle = middle - width / 2
    return middle
