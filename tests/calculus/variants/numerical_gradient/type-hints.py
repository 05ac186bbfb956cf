"""Type hints and a check of the input."""

from typing import Callable

import numpy as np


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Gradient by central differences."""
    x = np.asarray(x, dtype=float)
    if x.ndim != 1:
        raise ValueError("x must be one-dimensional")
    gradient: np.ndarray = np.empty_like(x)
    for i, value in enumerate(x):
        shifted = x.copy()
        shifted[i] = value + h
        above = f(shifted)
        shifted[i] = value - h
        below = f(shifted)
        gradient[i] = (above - below) / (2.0 * h)
    return gradient
