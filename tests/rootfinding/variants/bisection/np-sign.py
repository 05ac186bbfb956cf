"""Signs are compared with NumPy."""

import numpy as np

def bisection(f, a, b, iterations=20):
    sign = np.sign(f(a))
    for _ in range(iterations):
        mid = 0.5 * (a + b)
        if np.sign(f(mid)) == sign:
            a = mid
        else:
            b = mid
    return 0.5 * (a + b)
