"""With annotations and a check of the bounds."""

from typing import Callable

def bisection(f: Callable[[float], float], a: float, b: float, iterations: int = 20) -> float:
    """Return the middle of the interval after some halvings."""
    if f(a) * f(b) > 0:
        raise ValueError("f(a) and f(b) must differ in sign")
    for _ in range(iterations):
        mid: float = (a + b) / 2
        if f(a) * f(mid) > 0:
            a = mid
        else:
            b = mid
    return (a + b) / 2
