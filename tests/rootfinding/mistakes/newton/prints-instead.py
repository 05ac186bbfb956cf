"""The function shows its result with print and returns nothing. A value that others are to use leaves a function
by return."""

def newton(f, df, x0, iterations=5):
    x = x0
    for k in range(iterations):
        x = x - f(x) / df(x)
    print(x)
