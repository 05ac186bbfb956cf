"""What an illustration shows: a few typed numbers, from a student's answers on public inputs.

An author's illustration returns one of these plots; `numgrade.plot_svg` draws it. What a student's
process sent is converted here: finite real numbers of the right shape, and not many of them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import numpy as np

from numgrade.assertions import finite_numbers, slope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from numgrade.student import CallRecord

    Floats: TypeAlias = NDArray[np.float64]

MAX_POINTS = 200
"""Nodes or steps that a plot shows: the first ones of more."""

LEAST_ERROR, MOST_ERROR = 1e-17, 1e3
"""An error beyond these is drawn on the edge."""

_CURVE_POINTS = 60
_STEPS_OF_ORDER = 3


class ErrorPlot(msgspec.Struct, frozen=True):
    """The error of an approximation against its step, on logarithmic axes.

    Attributes
    ----------
    steps : tuple of float
        Falling.
    yours, reference : tuple of float
        The largest error for each step, between LEAST_ERROR and MOST_ERROR.
    """

    steps: tuple[float, ...]
    yours: tuple[float, ...]
    reference: tuple[float, ...]

    @property
    def orders(self) -> tuple[float, float]:
        """The slopes over the largest steps, where truncation dominates: yours, the reference's."""
        steps = np.log(self.steps[:_STEPS_OF_ORDER])
        yours, reference = (
            slope(steps, np.log(errors[:_STEPS_OF_ORDER]))
            for errors in (self.yours, self.reference)
        )
        return yours, reference


class AreaPlot(msgspec.Struct, frozen=True):
    """An integrand, and the trapezoids over the abscissae at which a student evaluated it.

    Attributes
    ----------
    curve : tuple of (float, float)
        Points of the integrand's graph between the bounds.
    nodes : tuple of (float, float)
        Abscissae, rising, each with the integrand's value.
    answer, exact : float
        What the student's function returned, and the integral.
    """

    curve: tuple[tuple[float, float], ...]
    nodes: tuple[tuple[float, float], ...]
    answer: float
    exact: float

    @property
    def area(self) -> float:
        """The area of the trapezoids."""
        return sum((right - left) * (y + z) / 2 for (left, y), (right, z) in pairwise(self.nodes))


class DescentPlot(msgspec.Struct, frozen=True):
    """A descent on the contours of a bowl, f(x) = sum of curvature (x - minimum)^2 / 2.

    Attributes
    ----------
    minimum, curvatures : tuple of float
        Of the bowl, by coordinate.
    path, reference : tuple of (float, float)
        The points at which the gradient was evaluated, and the answer: the student's and the exact.
    """

    minimum: tuple[float, float]
    curvatures: tuple[float, float]
    path: tuple[tuple[float, float], ...]
    reference: tuple[tuple[float, float], ...]


class ConvergencePlot(msgspec.Struct, frozen=True):
    """The error of an iteration against the number of steps, on a logarithmic axis.

    Attributes
    ----------
    iterations : tuple of int
        Rising.
    yours, reference : tuple of float
        The largest error after each, between LEAST_ERROR and MOST_ERROR.
    """

    iterations: tuple[int, ...]
    yours: tuple[float, ...]
    reference: tuple[float, ...]


Plot: TypeAlias = ErrorPlot | AreaPlot | DescentPlot | ConvergencePlot


def error_plot(
    yours: Callable[[float], object],
    reference: Callable[[float], object],
    *,
    exact: ArrayLike,
    steps: Sequence[float],
) -> ErrorPlot:
    """Compare errors for several steps.

    Parameters
    ----------
    yours, reference : callable
        Take a step, return an answer: ``lambda h: student.derivative(f, x, h)``.
    exact : array_like
        The limit for vanishing steps.
    steps : sequence of float
        Steps, the largest first; each is a call of the student's function.

    Raises
    ------
    AssertionError
        If an answer is not made of finite numbers, or has another shape than `exact`.
    """
    return ErrorPlot(
        tuple(map(float, steps)), _errors(yours, exact, steps), _errors(reference, exact, steps)
    )


def convergence_plot(
    yours: Callable[[int], object],
    reference: Callable[[int], object],
    *,
    exact: ArrayLike,
    iterations: Sequence[int],
) -> ConvergencePlot:
    """Compare errors after several numbers of iterations.

    Parameters
    ----------
    yours, reference : callable
        Take a number of iterations, return an answer: ``lambda n: student.newton(f, df, x0, n)``.
    exact : array_like
        The limit.
    iterations : sequence of int
        Numbers of iterations, the smallest first; each is a call of the student's function.

    Raises
    ------
    AssertionError
        As for `error_plot`.
    """
    numbers = tuple(map(int, iterations))
    return ConvergencePlot(
        numbers, _errors(yours, exact, numbers), _errors(reference, exact, numbers)
    )


def area_plot(
    f: Callable[[Any], Any],
    bounds: tuple[float, float],
    *,
    answer: object,
    call: CallRecord,
    exact: float,
) -> AreaPlot:
    """Show where a student's function has evaluated an integrand.

    Parameters
    ----------
    f : callable
        The integrand, which takes arrays; the first function that was passed in the call.
    bounds : tuple of float
        a and b, a < b.
    answer : object
        What the student's function returned.
    call : CallRecord
        ``student.last_call``, after that call.
    exact : float
        The integral.

    Raises
    ------
    AssertionError
        If the answer is not a finite number, or f was evaluated at fewer than two abscissae.
    """
    a, b = bounds
    number = float(finite_numbers(answer, ()))
    points = [float(x) for point in call.evaluations[0].points for x in _numbers_in(point)]
    near = [x for x in points if 2 * a - b <= x <= 2 * b - a]
    nodes = np.unique(near)[:MAX_POINTS]
    if len(nodes) < 2:  # noqa: PLR2004 - a trapezoid has two sides
        raise AssertionError("f was evaluated at fewer than two places near the interval")
    return AreaPlot(_graph(f, np.linspace(a, b, _CURVE_POINTS)), _graph(f, nodes), number, exact)


def descent_plot(
    *,
    minimum: tuple[float, float],
    curvatures: tuple[float, float],
    answer: object,
    call: CallRecord,
    reference: Sequence[ArrayLike],
) -> DescentPlot:
    """Show the way that a student's descent took in the plane.

    Parameters
    ----------
    minimum, curvatures : tuple of float
        Of the bowl, f(x) = sum of curvature (x - minimum)^2 / 2.
    answer : object
        What the student's function returned.
    call : CallRecord
        ``student.last_call``; the last function that was passed in the call is the gradient.
    reference : sequence of array_like
        The exact iterates, each of shape (2,).

    Raises
    ------
    AssertionError
        If the answer does not consist of two finite numbers.
    """
    end = finite_numbers(answer, (2,))
    points = [_numbers_in(point) for point in call.evaluations[-1].points[:MAX_POINTS]]
    path = [*(point for point in points if point.shape == (2,)), end]
    return DescentPlot(minimum, curvatures, _pairs(path), _pairs(np.asarray(reference, float)))


def _errors(
    approximation: Callable[[Any], object], exact: ArrayLike, inputs: Sequence[float]
) -> tuple[float, ...]:
    """Return the largest error of the answer to each input, as far as it can be drawn."""
    limit = np.asarray(exact, dtype=float)
    answers = (finite_numbers(approximation(each), limit.shape) for each in inputs)
    found = (float(np.abs(answer - limit).max()) for answer in answers)
    return tuple(min(max(error, LEAST_ERROR), MOST_ERROR) for error in found)


def _numbers_in(point: tuple[Any, ...]) -> Floats:
    """Return the finite numbers of a point of evaluation; none, if it is something else."""
    is_plain = len(point) == 1 and isinstance(point[0], int | float | np.number | np.ndarray)
    numbers = np.asarray(point[0] if is_plain else np.nan)
    if numbers.dtype.kind not in "iuf" or numbers.size > MAX_POINTS:
        return np.empty(0)
    finite: Floats = numbers[np.isfinite(numbers)].astype(float)
    return finite


def _graph(f: Callable[[Any], Any], x: Floats) -> tuple[tuple[float, float], ...]:
    return _pairs(np.column_stack([x, np.broadcast_to(f(x), x.shape)]))


def _pairs(points: Sequence[Floats] | Floats) -> tuple[tuple[float, float], ...]:
    return tuple((float(x), float(y)) for x, y in points)
