"""The slope is that of the start in all steps. The lines are parallel then, and the error shrinks by a factor a
step only. Where should the derivative be taken?"""

def newton(f, df, x0, iterations=5):
    x = x0
    slope = df(x0)
    for _ in range(iterations):
        x = x - f(x) / slope
    return x
