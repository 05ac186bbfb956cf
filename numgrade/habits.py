"""Habits of evaluating a function, each told in terms of the arguments that a call was given.

Three cover nearly all of numerical homework: displaced copies of an argument or of its elements, as
in a difference quotient; nodes that are equally spaced between two arguments, one by one or in an
array; and steps against a gradient (`numgrade.descents`). A habit says where the points come from:
"the first number, plus and minus the second", say. So the same habit foretells the points of the
next call, whose arguments are others, before it has begun.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import numpy as np

from numgrade.given import count_of
from numgrade.wire import MAX_VECTOR

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from numgrade.given import Count, Given, Place, Source

Guesses: TypeAlias = "Generator[Any, Any, None]"
"""Yields points and is sent the value at each."""

MOST = 512
"""Points that are foretold at once, at most."""

_FACTORS = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)  # of a step, as in difference quotients
_DIGITS = 3  # of a step that is a round number, such as 1e-5
_MAX_NODES = 1e9


class Habit(Protocol):
    """How the points of a call come out of its arguments."""

    def points(self, given: Given) -> Guesses:
        """Yield the points of a call, from the first on.

        Raises
        ------
        IndexError
            If the call has fewer arguments than the one where the habit was seen.
        """
        ...


class Displaced(NamedTuple):
    """An argument and its displaced copies.

    Attributes
    ----------
    place : Place
        Of the argument, a number or a vector.
    steps : tuple of tuple of Source and float
        How far the copies are away: multiples of numbers.
    axis : int, optional
        For a vector, the place of the number that says along which axis; -1 is along each in turn;
        without it, along all at once.
    """

    place: Place
    steps: tuple[tuple[Source, float], ...]
    axis: int | None = None

    def points(self, given: Given) -> Guesses:
        """Yield the argument, then its copies."""
        x = given.at(self.place)
        yield from unanswered([x])
        axes = self._axes(given, np.size(x))
        for source, factor in self.steps:
            step = factor * given.number(source)
            yield from unanswered(x + step * axis for axis in axes)

    def _axes(self, given: Given, size: int) -> Sequence[Any]:
        """Return the unit vectors along which an argument is displaced; 1.0 if it is as a whole."""
        if self.axis is None:
            return [1.0]
        if self.axis < 0:
            return list(np.eye(size))
        return [np.eye(1, size, int(given.numbers[self.axis]))[0]]

    def joined(self, other: Habit | None) -> Displaced:
        """Return this habit with the steps of another of the same argument as well."""
        if not isinstance(other, Displaced) or other[::2] != self[::2]:
            return self
        return self._replace(steps=tuple(dict.fromkeys((*other.steps, *self.steps))))


class Elements(NamedTuple):
    """The elements of an array, one after another, each with its displaced copies.

    Attributes
    ----------
    array : int
        The place of the array.
    steps : tuple of tuple of Source and float
        As of `Displaced`.
    kind : type
        Of the points: those out of an array are NumPy's floats.
    """

    array: int
    steps: tuple[tuple[Source, float], ...]
    kind: type

    def points(self, given: Given) -> Guesses:
        """Yield each element, then its copies."""
        moves = [0.0, *(factor * given.number(source) for source, factor in self.steps)]
        places = itertools.product(given.arrays[self.array].flat, moves)
        yield from unanswered(itertools.islice((self.kind(x + by) for x, by in places), MOST))


class Mesh(NamedTuple):
    """All nodes between two arguments at once, in one array.

    Attributes
    ----------
    a, b : int
        The places of both ends among the numbers.
    length : Count
        How many there are.
    """

    a: int
    b: int
    length: Count

    def points(self, given: Given) -> Guesses:
        """Yield the array."""
        length = min(given.count(self.length), MAX_VECTOR)
        yield np.linspace(given.numbers[self.a], given.numbers[self.b], length)


class Nodes(NamedTuple):
    """Equally spaced points a + i (b - a) / n, computed so: then they come out bit for bit.

    Attributes
    ----------
    a, b : int
        The places of both ends among the numbers.
    panels : Count
        n.
    kind : type
        Of the nodes: those out of an array are NumPy's floats.
    """

    a: int
    b: int
    panels: Count
    kind: type = float

    def points(self, given: Given) -> Guesses:
        """Yield both ends, which may be computed otherwise, then all nodes."""
        ends = given.numbers[self.a], given.numbers[self.b]
        nodes = itertools.chain(ends, self.after(-1, given))
        yield from unanswered(itertools.islice(nodes, MOST))

    def after(self, number: int, given: Given) -> Iterator[float]:
        """Yield the nodes after the one of a number."""
        a, b, panels = given.numbers[self.a], given.numbers[self.b], given.count(self.panels)
        width = (b - a) / max(panels, 1)
        return (self.kind(a + i * width) for i in range(number + 1, panels + 1))


def displaced(given: Given, point: Any) -> Displaced | None:  # noqa: ANN401
    """Return the habit of which a point is a displaced copy, if it is one."""
    for place, x in given.like(point):
        moved = np.flatnonzero(x != point)
        if not moved.size or moved.size not in {1, np.size(x)}:
            continue
        first = int(moved[0])
        steps = _steps(given, float(np.ravel(x)[first]), float(np.ravel(point)[first]))
        if not steps:
            continue
        if moved.size == 1 and place.is_vector:
            return Displaced(place, steps, _axis(given, first))
        source, factor = steps[0]
        if np.array_equal(x + factor * given.number(source), point):
            return Displaced(place, steps)
    return None


def element(given: Given, point: Any) -> Elements | None:  # noqa: ANN401
    """Return the habit of which a point is the first, a displaced copy of an array's first element.

    A point that is an element itself does not tell.
    """
    if not isinstance(point, float):
        return None
    for place, array in enumerate(given.arrays):
        first = float(array.flat[0])
        steps = _steps(given, first, point) if first != point else ()
        if steps:
            return Elements(place, steps, type(point))
    return None


def mesh(given: Given, point: Any) -> Mesh | None:  # noqa: ANN401
    """Return the habit of which a point is the one array, if it is."""
    if not isinstance(point, np.ndarray) or point.ndim != 1 or point.size < 2:  # noqa: PLR2004 - two ends
        return None
    places = {number: place for place, number in enumerate(given.numbers)}
    a, b = places.get(float(point[0])), places.get(float(point[-1]))
    if a is None or b is None:
        return None
    found = Mesh(a, b, count_of(given, point.size))
    return found if np.array_equal(next(found.points(given)), point) else None


def spaced(given: Given, before: float, last: float) -> tuple[Nodes, int] | None:
    """Return the habit of which two points are neighbours, if they are, and the last one's number.

    Parameters
    ----------
    given : Given
        The arguments of the call.
    before, last : float
        a + (i - 1) h and a + i h, where h is the n-th part of b - a.
    """
    step = last - before
    for (one, a), (other, b) in itertools.permutations(enumerate(given.numbers), 2):
        panels = round(min(abs((b - a) / step), _MAX_NODES))
        width = (b - a) / max(panels, 1)
        if width == 0:
            continue
        i = round(min(abs((last - a) / width), _MAX_NODES))
        if (a + (i - 1) * width, a + i * width) == (before, last):
            return Nodes(one, other, count_of(given, panels), type(last)), i
    return None


def unanswered(points: Iterable[Any]) -> Guesses:
    """Yield points whatever the values at them."""
    for point in points:  # noqa: UP028 - an iterator that is delegated to cannot be sent anything
        yield point


def _steps(given: Given, x: float, point: float) -> tuple[tuple[Source, float], ...]:
    """Return the step from a number to a point and its opposite, if it is given or round."""
    sources: Iterable[Source] = (*range(len(given.numbers)), rounded(abs(point - x)))
    for source, factor in itertools.product(sources, _FACTORS):
        if x + factor * given.number(source) == point:
            return (source, factor), (source, -factor)
    return ()


def _axis(given: Given, axis: int) -> int:
    """Return the place of the whole number that is an axis, or -1."""
    return next((place for place in given.whole if given.numbers[place] == axis), -1)


def rounded(number: float) -> float:
    """Return the number of few digits that is next: a step of somebody's own is a round one."""
    return float(f"{number:.{_DIGITS}g}")
