"""Type hints, a long docstring and other names for the parameters."""

from collections.abc import Callable

import numpy as np


def derivative(func: Callable, x0: float | np.ndarray, dx: float = 1e-5) -> float | np.ndarray:
    """
    Central difference approximation.

    :param func: the function
    :param x0: the point(s)
    :param dx: the step size
    :return: approximation of func'(x0)
    """
    return (func(x0 + dx) - func(x0 - dx)) / (2 * dx)
