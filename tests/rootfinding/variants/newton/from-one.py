"""The loop counts from 1."""

def newton(f, df, x0, iterations=5):
    x_old = x0
    for k in range(1, iterations + 1):
        x_new = x_old - f(x_old) / df(x_old)
        x_old = x_new
    return x_old
