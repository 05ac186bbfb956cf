"""Signs by math.copysign; an exact root ends the search."""

import math

def bisection(f, a, b, iterations=20):
    left = math.copysign(1, f(a))
    for _ in range(iterations):
        middle = (a + b) / 2
        value = f(middle)
        if value == 0:
            return middle
        if math.copysign(1, value) == left:
            a = middle
        else:
            b = middle
    return (a + b) / 2
