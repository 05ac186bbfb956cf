"""A falling function is turned round first."""

def bisection(f, a, b, iterations=20):
    g = f
    if f(a) > 0:
        g = lambda x: -f(x)
    lo, hi = a, b
    for _ in range(iterations):
        mid = (lo + hi) / 2
        if g(mid) > 0:
            hi = mid
        else:
            lo = mid
    return (lo + hi) / 2
