"""The numbers and vectors that a call was given, and other numbers told in terms of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from numgrade.wire import MAX_VECTOR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Source: TypeAlias = int | float
"""Where a number comes from: an int is its place among the arguments, a float the number itself."""

Count: TypeAlias = "tuple[Source, int]"
"""A whole number that is as many more than another as the second says: n points, n - 1 panels."""

_MAX_COUNT = 1e9
_MAX_NUMBER = 1e100


class Place(NamedTuple):
    """Where an argument stands: among the vectors, or among the numbers, and which of them."""

    is_vector: bool
    number: int


class Given:
    """The numbers and the short vectors among the arguments of a call, in their order.

    Parameters
    ----------
    arguments : sequence
        The positional arguments.

    Attributes
    ----------
    numbers : list of float or int
        Of Python and of NumPy, as they are: what is computed from them comes out in the same kind.
    whole : list of int
        The places of whole ones among the numbers.
    vectors : list of ndarray
        Of shape (n,), n <= 128.
    arrays : list of ndarray
        These and others, of any shape that is not empty.
    """

    def __init__(self, arguments: Sequence[Any]) -> None:
        self.numbers = [value for value in arguments if _is_number(value)]
        self.whole = [
            place for place, value in enumerate(self.numbers) if not isinstance(value, float)
        ]
        self.arrays = [value.astype(float) for value in arguments if _is_array(value)]
        self.vectors = [array for array in self.arrays if _is_vector(array)]

    def number(self, source: Source) -> float:
        """Return the number that a source names."""
        return self.numbers[source] if isinstance(source, int) else source

    def count(self, count: Count) -> int:
        """Return the count that a source and a difference from it name."""
        source, more = count
        return round(min(abs(self.number(source)) + more, _MAX_COUNT))

    def like(self, point: Any) -> Iterator[tuple[Place, Any]]:  # noqa: ANN401
        """Yield the arguments that are of a point's shape, each with its place."""
        like = self.vectors if np.ndim(point) else self.numbers
        for number, value in enumerate(like):
            if np.shape(value) == np.shape(point):
                yield Place(like is self.vectors, number), value

    def at(self, place: Place) -> Any:  # noqa: ANN401 - a number or a vector
        """Return the argument at a place."""
        return (self.vectors if place.is_vector else self.numbers)[place.number]


def count_of(given: Given, number: int) -> Count:
    """Return a count in terms of the whole number among the arguments that is next to it."""
    near = [(abs(number - given.numbers[place]), place) for place in given.whole]
    distance, place = min(near, default=(np.inf, 0))
    if distance > 1:
        return float(number), 0
    return place, round(number - given.numbers[place])


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float | np.integer) or isinstance(value, bool):
        return False
    return bool(-_MAX_NUMBER < value < _MAX_NUMBER)


def _is_array(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "if" and value.size > 0


def _is_vector(array: Any) -> bool:  # noqa: ANN401 - NumPy's types say nothing here
    """Tell whether displaced copies of an array could travel as short vectors."""
    return bool(array.ndim == 1 and array.size <= MAX_VECTOR)
