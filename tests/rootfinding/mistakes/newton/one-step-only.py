"""Only one step is made, however many are asked for. Does a return statement inside of the loop end it, or does
every step start from x0 again?"""

def newton(f, df, x0, iterations=5):
    x = x0
    for k in range(iterations):
        x = x - f(x) / df(x)
        return x
    return x
