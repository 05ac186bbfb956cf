"""Where a student's code will evaluate a function next, guessed from where it has done so before.

Three habits cover nearly all of numerical homework: displaced copies of an argument, as in a
difference quotient; steps against a gradient; and nodes that are equally spaced. Each is
recognised by its own points, bit for bit where that is possible: a guess that is off by a unit in
the last place is of no use to anybody. A wrong guess costs its evaluation and nothing else.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from numgrade.wire import MAX_VECTOR

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

Guesses: TypeAlias = "Generator[Any, Any, None]"
"""Yields points and is sent the value at each."""

_SAME_STEP = 4.0  # units in the last place by which equal steps may differ
_FIRST, _LEAST, _MOST = 8, 4, 256
"""Points ahead in a series: at first, and in a window that follows what was used of the last."""

_SETTLED = 3  # evaluations within which a habit shows
_DIGITS = 3  # of a step that is a round number, such as 1e-5
_MAX_NODES = 1e9
_MAX_NUMBER = 1e100


class Trail:
    """Where one function has been evaluated in one call, in order.

    Parameters
    ----------
    arguments : sequence
        The positional arguments of the call.
    """

    def __init__(self, arguments: Sequence[Any]) -> None:
        numbers = [value for value in arguments if _is_number(value)]
        self._numbers = [float(value) for value in numbers]
        self._indices = {value for value in numbers if not isinstance(value, float)}
        self._vectors = [value.astype(float) for value in arguments if _is_vector(value)]
        self._count = 0
        self._last: Any = None
        self._value: Any = None
        self._rate: float | None = None
        self._window = 0
        self._foreseen = 0
        self._progression = Progression(self._numbers)

    def add(self, point: Any, value: Any, *, foreseen: bool = False) -> None:  # noqa: ANN401
        """Take the next point, the value there, and whether it came out of a guess."""
        self._count += 1
        self._foreseen += foreseen
        if self._rate is None and 1 < self._count <= _SETTLED:
            self._rate = self._rate_from(point)
        if isinstance(point, float):
            self._progression.add(point)
        self._last, self._value = point, value

    def guesses(self) -> Guesses:
        """Yield points that may come next."""
        if self._rate is not None:
            return self._descent(self._rate, self._grown())
        if self._count < _SETTLED and (around := self._neighbours()):
            return _unanswered(around)
        nodes = self._progression.beyond()
        return _unanswered(itertools.islice(nodes, self._grown()) if nodes else ())

    def _grown(self) -> int:
        """Return how far to look, which follows how much of the latest series was used."""
        if not self._window:
            self._window = _FIRST
        elif self._foreseen > self._window // 4:  # of a node, two neighbours are offered as well
            self._window = min(2 * self._window, _MOST)
        elif not self._foreseen:
            self._window = max(self._window // 2, _LEAST)
        self._foreseen = 0
        return self._window

    def _descent(self, rate: float, count: int) -> Guesses:
        """Go on stepping against what is probably a gradient."""
        point, value = self._last, self._value
        for _ in range(count):
            point = point - rate * value
            value = yield point

    def _rate_from(self, point: Any) -> float | None:  # noqa: ANN401 - a number or a vector
        """Return the rate of a step against the latest value that leads to a point, if any does."""
        if np.shape(point) != np.shape(self._value) or np.shape(point) != np.shape(self._last):
            return None
        for rate in (*self._numbers, _rounded(_first_ratio(self._last - point, self._value))):
            if rate != 0 and np.array_equal(self._last - rate * self._value, point):
                return rate
        return None

    def _neighbours(self) -> list[Any]:
        """Return displaced copies of the argument of which the latest point is one."""
        point = self._last
        if isinstance(point, float):
            return next((near for x in self._numbers if (near := self._beside(x, point))), [])
        alike = (x for x in self._vectors if x.shape == point.shape)
        return next((near for x in alike if (near := self._around(x, point))), [])

    def _beside(self, x: float, point: float) -> list[Any]:
        """Return a number and its neighbours on both sides, if a point is one of these."""
        step = self._step(x, point)
        return [x, x + step, x - step] if step else []

    def _around(self, x: Any, point: Any) -> list[Any]:  # noqa: ANN401 - vectors
        """Return a vector and its displaced copies, if a point is one of these.

        They are displaced in the direction of that point: along all axes at once, along the one
        whose index was given, or else along each axis in turn, as for a gradient.
        """
        moved = np.flatnonzero(x != point)
        if moved.size not in {1, x.size}:
            return []
        step = self._step(float(x[moved[0]]), float(point[moved[0]]))
        if not step:
            return []
        if moved.size > 1:
            return [x, x + step, x - step]
        axis = int(moved[0])
        axes = [axis] if axis in self._indices else range(x.size)
        steps = [step * np.eye(1, x.size, each)[0] for each in axes]
        return [x, *(x + along for along in steps), *(x - along for along in steps)]

    def _step(self, x: float, point: float) -> float:
        """Return the step from a number to a point, or 0 if it is neither given nor round."""
        steps = (*self._numbers, _rounded(abs(point - x)))
        return next((step for step in steps if point in {x + step, x - step}), 0.0)


class Progression:
    """The points of one function as they come, while they are equally spaced.

    Parameters
    ----------
    numbers : sequence of float, optional
        The numbers among the arguments of the call: nodes often divide what two of them enclose.

    Attributes
    ----------
    length : int
        Steps since the spacing began.
    """

    def __init__(self, numbers: Sequence[float] = ()) -> None:
        self.length = 0
        self._start = self._last = self._before = self._step = math.nan
        self._numbers = numbers

    def add(self, point: float) -> None:
        """Take the next point; one that comes twice in a row counts once."""
        step = point - self._last
        if step == 0:
            return
        unit = math.ulp(max(abs(point), abs(self._last))) if math.isfinite(step) else math.nan
        if abs(step - self._step) <= _SAME_STEP * unit:
            self.length += 1
        else:
            self._start, self.length = self._last, 1
        self._before, self._last, self._step = self._last, point, step

    def beyond(self) -> Iterator[float] | None:
        """Return the points that follow, as many as are asked for; None if there is no telling."""
        if self.length == 0 or not math.isfinite(self._step):
            return None
        grid = self._grid()
        if grid is not None:
            first, width, number = grid
            return (first + i * width for i in itertools.count(number + 1))
        return self._with_neighbours() if self.length > 1 else None

    def _with_neighbours(self) -> Iterator[float]:
        """Yield the points that follow, each with the next number to either side: x + h rounds."""
        step = (self._last - self._start) / self.length
        for number in itertools.count(self.length + 1):
            point = self._start + number * step
            yield from (point, math.nextafter(point, -math.inf), math.nextafter(point, math.inf))

    def _grid(self) -> tuple[float, float, int] | None:
        """Return (a, h, i) of the latest point a + i h, where h is the n-th part of b - a.

        Computed so, from two of the numbers, nodes come out bit for bit.
        """
        for a, b in itertools.permutations(self._numbers, 2):
            panels = round(min(abs((b - a) / self._step), _MAX_NODES))
            width = (b - a) / max(panels, 1)
            if width == 0:
                continue
            i = round(min(abs((self._last - a) / width), _MAX_NODES))
            if (a + (i - 1) * width, a + i * width) == (self._before, self._last):
                return a, width, i
        return None


def _unanswered(points: Iterable[Any]) -> Guesses:
    """Yield points whatever the values at them."""
    for point in points:  # noqa: UP028 - an iterator that is delegated to cannot be sent anything
        yield point


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float | np.integer) or isinstance(value, bool):
        return False
    return bool(-_MAX_NUMBER < value < _MAX_NUMBER)


def _is_vector(value: object) -> bool:
    """Tell whether displaced copies of an argument could travel as short vectors."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "if":
        return False
    return value.ndim == 1 and value.size <= MAX_VECTOR


def _first_ratio(change: Any, value: Any) -> float:  # noqa: ANN401 - numbers or vectors
    """Return the first quotient of two numbers or vectors that there is, or 0."""
    pairs = zip(np.ravel(change).tolist(), np.ravel(value).tolist(), strict=True)
    return next((one / other for one, other in pairs if other != 0), 0.0)


def _rounded(number: float) -> float:
    return float(f"{number:.{_DIGITS}g}")
