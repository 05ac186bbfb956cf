"""Evaluate a hidden function where the student will ask next, and send the value along.

A loop over nodes asks for one value after the other, and each question is a round trip between two
processes. As soon as three points are equally spaced, the next ones are guessed; the worker
answers from the guesses and reports, with its next message, which of them were used. Nothing is
given away, since the guesses follow from the student's own points; and what was not used does not
count as evaluated. Only pure functions are treated so.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from numgrade.errors import MalformedFrame
from numgrade.purity import is_pure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numgrade.evaluation import Evaluations

_FIRST, _LEAST, _MOST = 8, 4, 64
"""Points ahead: at first, and in a window that grows and shrinks with what was used."""

_SAME_STEP = 4.0  # units in the last place by which equal steps may differ
_SECONDS = 1e-3  # time for guesses, each time
_KINDS = frozenset({float, np.float64})


class Progression:
    """The points of one function as they come, while they are equally spaced.

    Attributes
    ----------
    length : int
        Steps since the spacing began.
    """

    def __init__(self) -> None:
        self.length = 0
        self._start = self._last = self._step = math.nan

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
        self._last, self._step = point, step

    def beyond(self, count: int) -> Iterator[float]:
        """Yield the next points, each with both of its neighbours: for a + i h rounds as it likes.

        None of them is zero, whose sign a value may depend on.
        """
        step = (self._last - self._start) / self.length
        for number in range(self.length + 1, self.length + 1 + count):
            point = self._start + number * step
            near = point, math.nextafter(point, -math.inf), math.nextafter(point, math.inf)
            yield from filter(None, near)


class LookAhead:
    """What a worker is told in one call beyond what it asks for.

    Parameters
    ----------
    functions : sequence of callable
        The hidden functions among the arguments of the call.
    evaluations : sequence of Evaluations
        For each, where points are noted that the student has used.
    """

    def __init__(
        self, functions: Sequence[Callable[..., Any]], evaluations: Sequence[Evaluations]
    ) -> None:
        self._functions = functions
        self._evaluations = evaluations
        self._progressions: dict[int, Progression] = {}
        self._pure: dict[int, bool] = {}
        self._window = _FIRST
        self._offered: frozenset[float] = frozenset()
        self._index = 0
        self._kind: Callable[[float], float] = float

    def take_used(self, used: bytes) -> None:
        """Note the points whose values the worker had been told before.

        Raises
        ------
        MalformedFrame
            If it was told no such value.
        """
        if not self._offered and not used:
            return
        points = np.frombuffer(used).tolist() if len(used) % 8 == 0 else [math.nan]
        if not self._offered.issuperset(points):
            raise MalformedFrame("it used values that it was not given")
        self._window = (
            min(2 * self._window, _MOST)
            if len(points) > self._window // 2
            else max(self._window // 2, _LEAST)
        )
        record, progression = self._evaluations[self._index], self._progressions[self._index]
        record.count += len(points)
        for point in points:
            progression.add(point)
            record.keep((self._kind(point),))
        self._offered = frozenset()

    def beyond(self, index: int, point: tuple[Any, ...], value: Any) -> bytes:  # noqa: ANN401
        """Return what to tell along with the value at a point: further points, then their values.

        Parameters
        ----------
        index : int
            Which function was evaluated.
        point : tuple
            Where.
        value : object
            Its value there.
        """
        if len(point) != 1 or type(point[0]) not in _KINDS or type(value) not in _KINDS:
            return b""
        progression = self._progressions.setdefault(index, Progression())
        progression.add(point[0])
        if progression.length <= 1 or not self._is_pure(index):
            return b""
        self._index, self._kind = index, type(point[0])
        known = dict(self._evaluated(progression, type(value)))
        self._offered = frozenset(known)
        return np.array([[*known.keys()], [*known.values()]]).tobytes()

    def _is_pure(self, index: int) -> bool:
        if index not in self._pure:
            self._pure[index] = is_pure(self._functions[index])
        return self._pure[index]

    def _evaluated(self, progression: Progression, kind: type) -> Iterator[tuple[float, Any]]:
        function, end = self._functions[self._index], time.monotonic() + _SECONDS
        for point in progression.beyond(self._window):
            try:
                value = function(self._kind(point))
            except Exception:  # noqa: BLE001 - whatever it is, the student has not asked for it
                return
            if type(value) is not kind or time.monotonic() > end:
                return
            yield point, value
