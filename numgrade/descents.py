"""The habit of stepping against a gradient, in the ways that students do it, right or wrong.

See `numgrade.habits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from numgrade.habits import MOST, rounded

if TYPE_CHECKING:
    from collections.abc import Callable

    from numgrade.given import Count, Given, Place, Source
    from numgrade.habits import Guesses

Rule: TypeAlias = "Callable[[float, Any, int], Any]"
"""Returns a step, given the rate, the gradient, and the number of the step."""


class Descent(NamedTuple):
    """Steps against a gradient.

    Attributes
    ----------
    place : Place
        Of the start, a number or a vector.
    rate : Source
        The rate.
    rule : Rule
        What a step is.
    length : Count
        How many points there are.
    """

    place: Place
    rate: Source
    rule: Rule
    length: Count = (float(MOST), 0)

    def points(self, given: Given) -> Guesses:
        """Yield the start and what follows from the gradients that come back."""
        length = min(given.count(self.length), MOST)
        yield from self.descent(given, given.at(self.place), 0, length)

    def descent(self, given: Given, point: Any, number: int, count: int) -> Guesses:  # noqa: ANN401
        """Yield a point and those to which steps against the values that come back lead.

        Parameters
        ----------
        given : Given
            The arguments of the call.
        point : float or ndarray
            The first point.
        number : int
            How many points there were before.
        count : int
            How many to yield.
        """
        for taken in range(number, number + count):
            value = yield point
            point = self.step(given, point, value, taken)

    def step(self, given: Given, point: Any, value: Any, number: int) -> Any:  # noqa: ANN401
        """Return where a step leads, given the gradient and how many there were before."""
        return point - self.rule(given.number(self.rate), value, number)


def _gradient(rate: float, value: Any, _: int) -> Any:  # noqa: ANN401 - numbers or vectors
    return rate * value


def _of_length_one(rate: float, value: Any, _: int) -> Any:  # noqa: ANN401
    return rate * value / np.linalg.norm(value)


def _direction(rate: float, value: Any, _: int) -> Any:  # noqa: ANN401
    return rate * (value / np.linalg.norm(value))


def _one_coordinate(rate: float, value: Any, _: int) -> Any:  # noqa: ANN401
    return _along(0, rate, value)


def _coordinates_in_turn(rate: float, value: Any, number: int) -> Any:  # noqa: ANN401
    return _along(number % np.size(value), rate, value)


def _along(axis: int, rate: float, value: Any) -> Any:  # noqa: ANN401
    step = np.zeros_like(value)
    step[axis] = rate * value[axis]
    return step


_OF_VECTORS: tuple[Rule, ...] = (_of_length_one, _direction, _coordinates_in_turn, _one_coordinate)
"""What a step may be beside the gradient, right or wrong, computed as students compute it."""


def descending(  # noqa: PLR0913, PLR0917 - two points and what lies between them
    given: Given,
    start: Any,  # noqa: ANN401 - a float or a vector, as all here
    last: Any,  # noqa: ANN401
    value: Any,  # noqa: ANN401
    point: Any,  # noqa: ANN401
    number: int,
) -> Descent | None:
    """Return the habit of which a point is the next step, if it is one.

    Parameters
    ----------
    given : Given
        The arguments of the call.
    start, last : float or ndarray
        The first point, and the latest before this.
    value : float or ndarray
        What may be the gradient there.
    point : float or ndarray
        The point.
    number : int
        How many steps there were before.
    """
    if not np.shape(point) == np.shape(value) == np.shape(last):
        return None
    place = next((place for place, x in given.like(start) if np.array_equal(x, start)), None)
    if place is None:
        return None
    # Of a number, they would be any step that is a round number.
    for rule in (_gradient, *(_OF_VECTORS if np.size(point) > 1 else ())):
        own = rounded(_first_ratio(last - point, rule(1.0, value, number)))
        for rate in (*range(len(given.numbers)), own):
            step = rule(given.number(rate), value, number)
            if np.any(step) and np.array_equal(last - step, point):
                return Descent(place, rate, rule)
    return None


def _first_ratio(change: Any, value: Any) -> float:  # noqa: ANN401 - numbers or vectors
    """Return the first quotient of two numbers or vectors that there is, or 0."""
    pairs = zip(np.ravel(change).tolist(), np.ravel(value).tolist(), strict=True)
    return next((one / other for one, other in pairs if other != 0), 0.0)
