"""Every step starts from x0 again, so that all of them lead to one place. From where does the next one start?"""

def newton(f, df, x0, iterations=5):
    x = x0
    for k in range(iterations):
        x = x0 - f(x0) / df(x0)
    return x
