"""Type hints, a long docstring, and checks of the arguments."""

from typing import Callable, Union

import numpy as np

Point = Union[float, np.ndarray]


def gradient_descent(
    f: Callable[[Point], float],
    grad_f: Callable[[Point], Point],
    x0: Point,
    learning_rate: float = 0.01,
    iterations: int = 100,
) -> Point:
    """Minimise f with plain gradient descent.

    Args:
        f: objective, not needed for the update
        grad_f: gradient of f
        x0: start
        learning_rate: step size
        iterations: number of updates

    Returns:
        the last point
    """
    if learning_rate <= 0:
        raise ValueError("the learning rate must be positive")
    x: Point = x0 * 1.0
    for _ in range(iterations):
        x = x - learning_rate * grad_f(x)
    return x
