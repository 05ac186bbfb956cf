"""Error bands from numerical analysis: how far from the exact answer a right one may lie.

A band is the truncation error of a method plus the round-off of computing it, both taken from
the very function that a check uses: its derivatives come from Cauchy's integral formula, which is
why hidden functions accept complex arrays. An author states a method and a step, never a number
like 1e-4.

References
----------
.. [1] R. L. Burden, J. D. Faires and A. M. Burden, Numerical Analysis, 10th edition, 2016.
.. [2] N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, 2002.
.. [3] P. J. Davis and P. Rabinowitz, Methods of Numerical Integration, 2nd edition, 1984.
.. [4] Y. Saad, Iterative Methods for Sparse Linear Systems, 2nd edition, 2003.
.. [5] J. N. Lyness and C. B. Moler, Numerical differentiation of analytic functions, SIAM Journal
   on Numerical Analysis 4 (1967), 202-210.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from numgrade.errors import CourseError
from numgrade.memory import remembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats: TypeAlias = NDArray[np.float64]

UNIT_ROUND_OFF = 2.0**-53
"""Largest relative error of one operation on doubles, rounded to nearest [2]_, Section 2.1."""

_RADIUS = 0.25
_ANGLES = 2 * np.pi * np.arange(16) / 16
_CIRCLE = _RADIUS * np.exp(1j * _ANGLES)
_ORDERS = np.arange(5)  # a central difference needs f''', and the next one
_FACTORS = np.array([math.factorial(k) for k in _ORDERS]) / _RADIUS**_ORDERS / len(_CIRCLE)
_CAUCHY = np.exp(-1j * np.outer(_ANGLES, _ORDERS)) * _FACTORS
"""Weights that turn values of f on a circle into its derivatives at the centre."""

_INTERVAL_SAMPLES = 17  # points of [a, b] at which a maximum over the interval is looked for


@dataclass(frozen=True, slots=True)
class Band:
    """The error that numerical analysis allows a right answer.

    Parameters
    ----------
    allowed : float
        Largest absolute error of a right answer, before a check's safety factor.
    reason : str
        A sentence that says where the number comes from. Students read it: it names formulas,
        never values.

    Raises
    ------
    numgrade.errors.CourseError
        If `allowed` is negative or not finite: the check that asked for the band is wrong.
    """

    allowed: float
    reason: str

    def __post_init__(self) -> None:
        """Refuse a band that would let everything through, or nothing."""
        if not (math.isfinite(self.allowed) and self.allowed >= 0):
            raise CourseError(
                f"an error band came out as {self.allowed}: look for a singularity of the hidden "
                f"function within {_RADIUS} of the points that its check draws."
            )


def round_off(scale: ArrayLike, operations: int = 1) -> Band:
    """Allow the round-off of a few floating-point operations.

    Parameters
    ----------
    scale : array_like
        Magnitude of the numbers that are computed with; the largest one counts.
    operations : int
        Length n of the longest chain of operations: the relative error is at most
        gamma_n = n u / (1 - n u), with the unit round-off u [2]_, Section 3.1.
    """
    return Band(
        _gamma(operations) * _largest(scale),
        "Rounding alone separates a right answer from the exact one.",
    )


@remembered
def forward_difference(f: Callable[[Any], Any], x: ArrayLike, h: float) -> Band:
    """Allow the error of (f(x + h) - f(x)) / h, the least accurate fair difference quotient.

    The truncation error is h/2 f''(xi), with xi between x and x + h [1]_, Section 4.1.

    Parameters
    ----------
    f : callable
        Analytic within 0.25 of `x`; takes and returns complex arrays of any shape.
    x : array_like
        Where the derivative is taken; the largest error over all points counts.
    h : float
        The step, in the unit of `x`.
    """
    sizes = np.abs(derivatives(f, x))
    truncation = h / 2 * _size_nearby(sizes, 2, h)
    return Band(
        _largest(truncation + _quotient_round_off(sizes, x, h)),
        "Even a forward difference errs by no more than (h/2) max|f''| and a few eps |f| / h.",
    )


@remembered
def central_difference(f: Callable[[Any], Any], x: ArrayLike, h: float) -> Band:
    """Allow the error of (f(x + h) - f(x - h)) / (2 h).

    The truncation error is h^2/6 f'''(xi), with xi between x - h and x + h [1]_, Section 4.1.

    Parameters
    ----------
    f, x, h
        As for `forward_difference`.
    """
    sizes = np.abs(derivatives(f, x))
    truncation = h**2 / 6 * _size_nearby(sizes, 3, h)
    return Band(
        _largest(truncation + _quotient_round_off(sizes, x, h)),
        "A central difference errs by no more than (h^2/6) max|f'''| and a few eps |f| / h.",
    )


@remembered
def forward_gradient(f: Callable[[Any], Any], x: ArrayLike, h: float) -> Band:
    """Allow each component of a gradient the error of a forward difference.

    Parameters
    ----------
    f : callable
        Takes a point, shape (n,), and as well m points as columns, a complex array of shape
        (n, m); returns a number, or m of them: ``np.sum(x**2, axis=0)``, ``x[0] * x[1]``.
    x : array_like
        The point, shape (n,).
    h : float
        The step, in the unit of `x`.

    Raises
    ------
    numgrade.errors.CourseError
        If `f` does not take points as columns.
    """
    point = np.asarray(x, dtype=float)

    def along_each_axis(nodes: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Evaluate f where coordinate i alone is moved to the nodes of row i."""
        n, m = nodes.shape
        moved = np.tile(point[:, np.newaxis, np.newaxis], (1, n, m)).astype(complex)
        moved[range(n), range(n)] = nodes
        values = np.asarray(f(moved.reshape(n, n * m)), dtype=complex)
        if values.shape != (n * m,):
            raise CourseError(
                "a hidden function does not take points as the columns of an array: write "
                "np.sum(x**2, axis=0), say, and not np.sum(x**2)."
            )
        return values.reshape(n, m)

    return forward_difference(along_each_axis, point, h)


@remembered
def composite_trapezoid(f: Callable[[Any], Any], a: float, b: float, panels: int) -> Band:
    """Allow the error of the composite trapezoidal rule.

    The truncation error is h^2 |b - a| / 12 max|f''| with h = |b - a| / panels [1]_, Section 4.4.

    Parameters
    ----------
    f : callable
        Analytic within 0.25 of [a, b]; takes and returns complex arrays of any shape.
    a, b : float
        The bounds, in either order.
    panels : int
        Number of trapezoids.
    """
    sizes = _sizes_on_interval(f, a, b)
    width = abs(b - a)
    truncation = (width / panels) ** 2 * width / 12 * sizes[2]
    return Band(
        truncation + sum_round_off(f, a, b, panels).allowed,
        "The trapezoidal rule errs by (h^2/12) |b - a| max|f''| at most, with panels of width h.",
    )


@remembered
def composite_rectangle(f: Callable[[Any], Any], a: float, b: float, panels: int) -> Band:
    """Allow the error of a rule of first order, such as a Riemann sum.

    The truncation error is h |b - a| / 2 max|f'| with h = |b - a| / panels [3]_, Section 2.1.

    Parameters
    ----------
    f, a, b, panels
        As for `composite_trapezoid`.
    """
    sizes = _sizes_on_interval(f, a, b)
    width = abs(b - a)
    truncation = width / panels * width / 2 * sizes[1]
    return Band(
        truncation + sum_round_off(f, a, b, panels).allowed,
        "Even a sum of rectangles errs by (h/2) |b - a| max|f'| at most, with panels of width h.",
    )


@remembered
def sum_round_off(f: Callable[[Any], Any], a: float, b: float, panels: int) -> Band:
    """Allow the round-off of summing f over equal panels, and nothing else.

    Summing n products in any order has a relative error of gamma_n [2]_, Section 4.2. A node is
    off by u max|x|, which moves f by max|f'| times that, and a width that is taken as the
    difference of two nodes by n / |b - a| times that.

    Parameters
    ----------
    f, a, b, panels
        As for `composite_trapezoid`.
    """
    sizes = _sizes_on_interval(f, a, b)
    width, reach = abs(b - a), max(abs(a), abs(b))
    scale = (width + reach) * sizes[0] + width * reach * sizes[1]
    return Band(
        _gamma(panels + 2) * float(scale),
        "On the same nodes the same rule gives the same sum; only rounding differs.",
    )


@remembered
def fixed_step_descent(
    curvatures: ArrayLike, learning_rate: float, iterations: int, scale: ArrayLike
) -> Band:
    """Allow the round-off of fixed-step gradient descent against its exact iterate.

    On a quadratic with Hessian A both an error and the iterate itself, seen from the minimum, are
    multiplied by I - rate A in each step: this is Richardson's iteration [4]_, Section 4.2.1. With
    rho = max|1 - rate curvature|, the round-off of step j is of the size of its iterate, at most
    max(1, rho^j), and grows by rho^(k - j) until the last step, k; the band is the sum over all
    steps [2]_, Section 17.2. For a convex function that is no quadratic, bounds of the Hessian's
    eigenvalues serve as `curvatures`.

    Parameters
    ----------
    curvatures : array_like
        Eigenvalues of the Hessian, or bounds of them.
    learning_rate : float
        The step's factor.
    iterations : int
        Number of steps.
    scale : array_like
        Magnitude of the start and of the minimum.
    """
    growth = _largest(1 - learning_rate * np.asarray(curvatures, dtype=float))
    steps = np.maximum(growth ** np.arange(iterations + 1), growth**iterations)
    # A step is a difference, a product, another product and a difference.
    return Band(
        _gamma(4) * float(steps.sum()) * _largest(scale),
        "Descent with a fixed step has one exact iterate; only the rounding of each step differs.",
    )


def derivatives(f: Callable[[Any], Any], x: ArrayLike) -> NDArray[np.complex128]:
    """Differentiate an analytic function by Cauchy's integral formula, to about 12 digits.

    The integral over a circle around `x` is taken with equally spaced nodes, which is a discrete
    Fourier transform of the values of f there [5]_.

    Parameters
    ----------
    f : callable
        Analytic within 0.25 of `x`; takes and returns complex arrays of any shape.
    x : array_like
        Where, any shape.

    Returns
    -------
    ndarray
        f and its derivatives up to the fourth, shape (5, *x.shape).
    """
    nodes = np.asarray(x, dtype=float)[..., np.newaxis] + _CIRCLE
    values = np.broadcast_to(f(nodes), nodes.shape)
    return np.moveaxis(values @ _CAUCHY, -1, 0)


def _size_nearby(sizes: Floats, order: int, h: float) -> Floats:
    """Bound a derivative within h of each point, so that no band closes where it vanishes."""
    bound: Floats = sizes[order] + h * sizes[order + 1]
    return bound


def _quotient_round_off(sizes: Floats, x: ArrayLike, h: float) -> Floats:
    """Bound the round-off of a difference quotient, for each point of `x`.

    Two values of f, each off by about eps |f|, are subtracted and divided by h; the argument
    x + h is itself off by u |x|, which f multiplies by its slope.
    """
    noise = 2 * sizes[0] + np.abs(x) * sizes[1]
    bound: Floats = 2 * UNIT_ROUND_OFF * (noise / h + sizes[1])
    return bound


def _sizes_on_interval(f: Callable[[Any], Any], a: float, b: float) -> Floats:
    """Return max|f|, max|f'|, ... over the interval, as sampled densely."""
    sizes: Floats = np.abs(derivatives(f, np.linspace(a, b, _INTERVAL_SAMPLES)))
    largest: Floats = sizes.max(axis=1)
    return largest


def _gamma(operations: int) -> float:
    return operations * UNIT_ROUND_OFF / (1 - operations * UNIT_ROUND_OFF)


def _largest(values: ArrayLike) -> float:
    return float(np.max(np.abs(values)))
