"""With annotations and floats."""

from typing import Callable

def secant(f: Callable[[float], float], x0: float, x1: float, iterations: int = 5) -> float:
    """Return the last point of the secant method."""
    a, b = float(x0), float(x1)
    fa, fb = f(a), f(b)
    for _ in range(iterations):
        if fa == fb:
            break
        c = b - fb * (b - a) / (fb - fa)
        a, fa, b, fb = b, fb, c, f(c)
    return b
