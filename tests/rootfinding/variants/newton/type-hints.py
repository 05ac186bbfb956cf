"""With annotations and a docstring."""

from typing import Callable

def newton(f: Callable[[float], float], df: Callable[[float], float], x0: float, iterations: int = 5) -> float:
    """Return the last iterate of Newton's method."""
    x: float = x0
    for _ in range(iterations):
        x = x - f(x) / df(x)
    return x
