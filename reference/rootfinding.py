"""Reference implementation of the exercises of the `rootfinding` assignment.

References
----------
.. [1] R. L. Burden, J. D. Faires and A. M. Burden, Numerical Analysis, 10th edition, 2016.
"""

# ruff: noqa: INP001 - checks and the grader load this file by its path; a course is no package

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def bisection(f: Callable[[float], float], a: float, b: float, iterations: int = 20) -> float:
    """Halve an interval around a root of f a number of times; return the middle of what is left.

    The error is at most (b - a) / 2^(iterations + 1): one binary digit a step [1]_, Section 2.1.

    Parameters
    ----------
    f : callable
        Continuous; f(a) and f(b) differ in sign.
    a, b : float
        The ends of the interval, a < b.
    iterations : int
        How often to halve.

    Returns
    -------
    float
        The middle of the last interval.
    """
    rises = f(a) < 0
    for _ in range(iterations):
        middle = (a + b) / 2
        if (f(middle) < 0) == rises:
            a = middle
        else:
            b = middle
    return (a + b) / 2


def newton(
    f: Callable[[float], float], df: Callable[[float], float], x0: float, iterations: int = 5
) -> float:
    """Step to where the tangent is zero, x <- x - f(x) / f'(x), a number of times.

    Near a simple root the order is 2 [1]_, Section 2.3.

    Parameters
    ----------
    f, df : callable
        The function and its derivative.
    x0 : float
        Where to start.
    iterations : int
        Number of steps.

    Returns
    -------
    float
        The last iterate.
    """
    x = float(x0)
    for _ in range(iterations):
        x -= f(x) / df(x)
    return x


def secant(f: Callable[[float], float], x0: float, x1: float, iterations: int = 5) -> float:
    """Step to where the line through the last two points is zero, a number of times.

    It stops early if two values of f are equal: then there is no such place. Near a simple root
    the order is (1 + sqrt(5)) / 2 [1]_, Section 2.3.

    Parameters
    ----------
    f : callable
        The function.
    x0, x1 : float
        Where to start: two different numbers.
    iterations : int
        Number of steps at most.

    Returns
    -------
    float
        The last iterate.
    """
    f0, f1 = f(x0), f(x1)
    for _ in range(iterations):
        if f0 == f1:
            break
        x0, x1 = x1, x1 - f1 * (x1 - x0) / (f1 - f0)
        f0, f1 = f1, f(x1)
    return float(x1)
