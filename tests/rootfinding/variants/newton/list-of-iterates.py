"""All iterates are kept, and the last one is returned."""

def newton(f, df, x0, iterations=5):
    xs = [x0]
    for k in range(iterations):
        xs.append(xs[-1] - f(xs[-1]) / df(xs[-1]))
    return xs[-1]
