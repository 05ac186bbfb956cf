"""What iterations towards a root are judged by: their order of convergence, and a band for a root.

References
----------
.. [1] R. L. Burden, J. D. Faires and A. M. Burden, Numerical Analysis, 10th edition, 2016.
.. [2] N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, 2002.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from numgrade.assertions import finite_numbers, slope
from numgrade.observation import is_within
from numgrade.tolerance import Band, round_off

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike

_SLACK = 0.05
"""By how much the measured order may fall short of the one that is asked for."""

_OPERATIONS = 16  # roundings in a step, with room
_LEAST_ERRORS = 3  # two pairs of errors, one after the other, give a slope


def assert_convergence_order(
    iterate: Callable[[int], object],
    exact: ArrayLike,
    *,
    at_least: float,
    iterations: Sequence[int],
) -> None:
    """Assert that the errors of an iteration shrink with a power: e(k + 1) ~ C e(k)^p [1]_, 2.4.

    The order p is the slope of a line fitted to log e(k + 1) against log e(k), over the errors that
    are above the round-off floor. An iteration that has arrived after two steps is of every order.

    Parameters
    ----------
    iterate : callable
        Takes a number of iterations, returns an answer: ``lambda k: student.newton(f, df, x0, k)``.
    exact : array_like
        The limit.
    at_least : float
        The order that is asked for. What is measured falls short of p by a few hundredths: ask for
        a little less, 1.9 where p is 2.
    iterations : sequence of int
        Consecutive numbers of iterations, from where the errors have begun to shrink.

    Raises
    ------
    AssertionError
        If the measured order is lower, or an answer is of a wrong kind or shape, or not finite.
    """
    limit = np.asarray(exact, dtype=float)
    answers = [finite_numbers(iterate(number), limit.shape) for number in iterations]
    errors = np.array([np.abs(answer - limit).max() for answer in answers])
    floor = round_off(limit, _OPERATIONS).allowed
    arrived = errors <= floor
    visible = errors[: int(np.argmax(arrived))] if arrived.any() else errors
    if arrived.any() and len(visible) < _LEAST_ERRORS:
        return
    order = slope(np.log(visible[:-1]), np.log(visible[1:])) if _falls(visible) else 0.0
    if is_within(max(at_least - order, 0.0), _SLACK):
        return
    raise AssertionError(
        f"The errors of one iteration after another shrink with order {max(order, 0.0):.1f}; "
        f"order {at_least:g} is asked for: the number of right digits should grow by that factor."
    )


def simple_root(terms: ArrayLike, derivative: float, root: float) -> Band:
    """Allow the round-off of an iterate near a simple root of f.

    Parameters
    ----------
    terms : array_like
        Magnitude of the numbers that are added up to f near the root.
    derivative : float
        f' at the root, not 0.
    root : float
        Where it is.

    Notes
    -----
    A value of f is off by u times the sum of its terms, which moves the root by that over f' [2]_,
    Section 5.
    """
    moved = round_off(np.sum(np.abs(terms)), _OPERATIONS).allowed / abs(derivative)
    return Band(
        moved + round_off(root, _OPERATIONS).allowed,
        "Rounding errors of f, divided by its slope, and of x alone separate right answers.",
    )


def _falls(errors: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    """Tell whether errors get smaller and smaller, so that they have an order."""
    return bool(np.all(errors[1:] < errors[:-1]))
