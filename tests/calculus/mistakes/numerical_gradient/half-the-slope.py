"""Every entry comes out half as large as it is. One of your two points is x itself, but you divide
as if there were a step on both sides. Compare the distance of the points with the number below the
fraction line."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        xh = x.copy()
        xh[i] += h
        grad[i] = (f(xh) - f(x)) / (2 * h)
    return grad
