"""Every entry comes out twice as large as it is. You move a step to both sides, and divide by one
step. The number below the fraction line must be the distance between the two points above it."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    grad = []
    for e in np.eye(len(x)):
        grad.append((f(x + h*e) - f(x - h*e)) / h)
    return np.array(grad)
