"""Reference implementation of the exercises of the `calculus` assignment.

References
----------
.. [1] R. L. Burden, J. D. Faires and A. M. Burden, Numerical Analysis, 10th edition, 2016.
.. [2] S. Boyd and L. Vandenberghe, Convex Optimization, 2004.
"""

# ruff: noqa: INP001 - checks and the grader load this file by its path; a course is no package

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats: TypeAlias = NDArray[np.float64]


def derivative(f: Callable[[Any], Any], x: ArrayLike, h: float = 1e-5) -> float | Floats:
    """Approximate f'(x) by the central difference (f(x + h) - f(x - h)) / (2 h).

    The truncation error is h^2/6 f'''(xi), so the method is of second order [1]_, Section 4.1.

    Parameters
    ----------
    f : callable
        Takes and returns floats or arrays, elementwise.
    x : array_like
        Where the derivative is taken, any shape.
    h : float
        The step, in the unit of `x`.

    Returns
    -------
    float or ndarray
        One slope for each element, the shape of `x`.
    """
    x = np.asarray(x, dtype=float)[()]
    slope: float | Floats = (f(x + h) - f(x - h)) / (2 * h)
    return slope


def numerical_gradient(f: Callable[[Floats], float], x: ArrayLike, h: float = 1e-5) -> Floats:
    """Approximate the gradient of f at x by central differences, one coordinate at a time.

    The truncation error of each component is of second order in h [1]_, Section 4.1.

    Parameters
    ----------
    f : callable
        Takes a point, shape (n,), and returns a number.
    x : array_like
        The point, shape (n,); it is not changed.
    h : float
        The step, in the unit of `x`.

    Returns
    -------
    ndarray
        The n partial derivatives, shape (n,).
    """
    return np.array([partial_derivative(f, x, i, h) for i in range(np.size(x))])


def trapezoidal_integration(f: Callable[[Floats], Any], a: float, b: float, n: int = 1000) -> float:
    """Integrate f from a to b by the composite trapezoidal rule.

    n sample points enclose n - 1 panels. With panels of width h the error is
    h^2 (b - a) / 12 f''(mu), so the method is of second order [1]_, Section 4.4.

    Parameters
    ----------
    f : callable
        Takes and returns arrays, elementwise.
    a, b : float
        The bounds; the integral changes its sign where b < a.
    n : int
        Number of equally spaced sample points, both ends included; at least 2.

    Returns
    -------
    float
        The approximate integral.
    """
    x, width = np.linspace(a, b, n, retstep=True)
    y = np.broadcast_to(f(x), x.shape)
    return float(width * (y.sum() - (y[0] + y[-1]) / 2))


def gradient_descent(
    f: Callable[[Any], Any],  # noqa: ARG001 - the lesson's signature: a fixed step needs no f
    grad_f: Callable[[Any], Any],
    x0: ArrayLike,
    learning_rate: float = 0.01,
    iterations: int = 100,
) -> float | Floats:
    """Step against the gradient, x <- x - learning_rate grad_f(x), a fixed number of times.

    On a convex quadratic with curvature L in its steepest direction, this converges for
    learning_rate < 2 / L, linearly [2]_, Section 9.3.

    Parameters
    ----------
    f : callable
        The function to minimise.
    grad_f : callable
        Its gradient: takes what `x0` is, and returns the same shape.
    x0 : float or ndarray
        Where to start; it is not changed.
    learning_rate : float
        The step's factor, in units of x^2 / f.
    iterations : int
        Number of steps.

    Returns
    -------
    float or ndarray
        The last iterate, the shape of `x0`.
    """
    x = np.array(x0, dtype=float)[()]
    for _ in range(iterations):
        x = x - learning_rate * grad_f(x)
    return x


def partial_derivative(
    f: Callable[[Floats], float], x: ArrayLike, i: int, h: float = 1e-5
) -> float:
    """Approximate the derivative of f at x along coordinate i by a central difference.

    The truncation error is of second order in h [1]_, Section 4.1.

    Parameters
    ----------
    f : callable
        Takes a point, shape (n,), and returns a number.
    x : array_like
        The point, shape (n,); it is not changed.
    i : int
        The coordinate, counted from 0.
    h : float
        The step, in the unit of `x`.

    Returns
    -------
    float
        The partial derivative.
    """
    point = np.asarray(x, dtype=float)
    step = np.zeros_like(point)
    step[i] = h
    return float((f(point + step) - f(point - step)) / (2 * h))


quiz_answer = "b"
"""Gradient descent finds a minimum of a function by stepping against its gradient."""
