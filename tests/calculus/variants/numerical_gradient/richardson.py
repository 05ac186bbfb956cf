"""Richardson's extrapolation for each coordinate."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    def central(step):
        E = step * np.eye(len(x))
        return np.array([f(x + e) - f(x - e) for e in E]) / (2 * step)

    return (4 * central(h / 2) - central(h)) / 3
