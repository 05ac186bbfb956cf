"""The step divides the slope by the value. Which of the two has the unit of x as its quotient: f / f' or f' / f?"""

def newton(f, df, x0, iterations=5):
    x = x0
    for _ in range(iterations):
        x = x - df(x) / f(x)
    return x
