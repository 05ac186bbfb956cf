"""Type hints, other names, and a check of the index."""

from collections.abc import Callable

import numpy as np


def partial_derivative(
    func: Callable[[np.ndarray], float], point: np.ndarray, index: int, delta: float = 1e-5
) -> float:
    """Forward difference along coordinate `index`."""
    if index >= len(point):
        raise IndexError("there is no such coordinate")
    neighbour: np.ndarray = np.array(point, dtype=np.float64)
    neighbour[index] += delta
    return float((func(neighbour) - func(np.array(point))) / delta)
