"""After a step both points are the new one, or the older one stays: the new point takes the place of x1, and
the former x1 that of x0. In which order are the two assigned?"""

def secant(f, x0, x1, iterations=5):
    for _ in range(iterations):
        if f(x1) == f(x0):
            break
        x2 = x1 - f(x1) * (x1 - x0) / (f(x1) - f(x0))
        x1 = x2
        x0 = x1
    return x1
