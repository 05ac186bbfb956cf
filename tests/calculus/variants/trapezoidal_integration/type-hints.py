"""Type hints, a check of n and a running sum."""

from collections.abc import Callable

import numpy as np


def trapezoidal_integration(
    f: Callable[[np.ndarray], np.ndarray], a: float, b: float, n: int = 1000
) -> float:
    """Composite trapezoidal rule with n sample points."""
    if n < 2:
        raise ValueError("at least two points are needed")
    x: np.ndarray = np.linspace(float(a), float(b), int(n))
    y: np.ndarray = np.asarray(f(x), dtype=float)
    running: np.ndarray = np.cumsum((y[1:] + y[:-1]) * 0.5 * (x[1] - x[0]))
    return float(running[-1])
