"""The first of the two points is never replaced, so that one end of the line stays where it was. The errors
shrink by a factor a step only. Which two points does the next line go through?"""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        if f(x1) == f(x0):
            break
        x1 = x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
    return x1
