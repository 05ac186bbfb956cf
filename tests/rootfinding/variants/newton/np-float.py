"""With numbers of NumPy."""

import numpy as np

def newton(f, df, x0, iterations=5):
    x = np.float64(x0)
    for _ in np.arange(iterations):
        x -= np.divide(f(x), df(x))
    return x
