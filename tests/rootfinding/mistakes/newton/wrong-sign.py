"""The step goes away from where the tangent is zero. Draw the tangent at x: to which side is its root, if f(x) and
the slope are positive?"""

def newton(f, df, x0, iterations=5):
    x = x0
    for _ in range(iterations):
        x = x + f(x) / df(x)
    return x
