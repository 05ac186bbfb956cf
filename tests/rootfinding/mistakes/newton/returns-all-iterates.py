"""What is returned is the list of all iterates. The last one alone is the answer."""

def newton(f, df, x0, iterations=5):
    xs = [x0]
    for k in range(iterations):
        xs.append(xs[-1] - f(xs[-1]) / df(xs[-1]))
    return xs
