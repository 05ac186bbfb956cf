"""Where a student's code will evaluate a function next, guessed from where it has done so before.

Habits (`numgrade.habits`) are recognised by their points, bit for bit where that is possible: a
guess that is off by a unit in the last place is of no use to anybody. A wrong guess costs its
evaluation and nothing else.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from numgrade.descents import Descent, descending
from numgrade.given import count_of
from numgrade.habits import (
    MOST,
    Displaced,
    Elements,
    displaced,
    element,
    mesh,
    spaced,
    unanswered,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numgrade.given import Given
    from numgrade.habits import Guesses, Habit

_SAME_STEP = 4.0  # units in the last place by which equal steps may differ
_FIRST, _STEPS, _LEAST = 8, 32, 4
"""Points ahead, at first: of a series, of a descent; and in a window that was not used."""

_SETTLED = 3  # evaluations within which a habit shows


class Trail:
    """Where one function has been evaluated in one call, in order.

    Parameters
    ----------
    given : Given
        The arguments of the call.

    Attributes
    ----------
    count : int
        How many points there are.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self._habit: Habit | None = None
        self.count = self._foreseen = self._window = 0
        self._start: Any = None
        self._last: Any = None
        self._value: Any = None
        self._progression = Progression()

    def expect(self, habit: Habit) -> None:
        """Take a habit from earlier calls, until something else is asked for first."""
        self._habit = habit

    def add(self, point: Any, value: Any) -> None:  # noqa: ANN401
        """Take the next point and the value there."""
        if self.count == 0:
            self._habit, self._start = None, point
        elif self.count < _SETTLED:
            before = self._last, self._value
            step = descending(self._given, self._start, *before, point, self.count - 1)
            self._habit = step or self._habit
        self.count += 1
        if isinstance(point, float):
            self._progression.add(point)
        self._last, self._value = point, value

    def follow(self, points: Sequence[Any], value: Any) -> None:  # noqa: ANN401
        """Take the next points, which all came out of guesses, and the value at the last."""
        if self.count == 0:
            self._start = points[0]
        self.count += len(points)
        self._foreseen += len(points)
        if isinstance(points[0], float):
            for point in points[-2:] if self._habit else points:  # two show where a series stands
                self._progression.add(point)
        self._last, self._value = points[-1], value

    @property
    def habit(self) -> Habit | None:
        """The habit that all points together showed, if there is one."""
        if isinstance(self._habit, Descent):
            return self._habit._replace(length=count_of(self._given, self.count))
        return self._habit

    def guesses(self) -> Guesses:
        """Yield points that may come next."""
        if isinstance(self._habit, Descent):
            following = self._habit.step(self._given, self._last, self._value, self.count - 1)
            return self._habit.descent(self._given, following, self.count, self._grown(_STEPS))
        if self.count < _SETTLED or isinstance(self._habit, (Displaced, Elements)):
            each = element(self._given, self._last)
            if each:
                self._habit = each
                return each.points(self._given)
            around = displaced(self._given, self._last)
            if around:
                self._habit = around.joined(self._habit)
                return around.points(self._given)
        if self.count == 1:
            self._habit = mesh(self._given, self._last)
        return unanswered(self._nodes())

    def _nodes(self) -> Iterable[float]:
        """Return the nodes that may follow; none if there is no telling."""
        pair = self._progression.latest()
        found = pair and spaced(self._given, *pair)
        if found:
            self._habit, number = found
            # Two that are nodes of a whole number of panels, bit for bit, are no accident.
            return itertools.islice(found[0].after(number, self._given), self._grown(MOST))
        nodes = self._progression.beyond()
        return itertools.islice(nodes, self._grown(_FIRST)) if nodes else ()

    def _grown(self, first: int) -> int:
        """Return how far to look, which follows how much of the latest series was used."""
        if not self._window:
            self._window = first
        elif self._foreseen > self._window // 4:  # of a node, two neighbours are offered as well
            self._window = min(2 * self._window, MOST)
        elif not self._foreseen:
            self._window = max(self._window // 2, _LEAST)
        self._foreseen = 0
        return self._window


class Progression:
    """The points of one function as they come, while they are equally spaced.

    Attributes
    ----------
    length : int
        Steps since the spacing began.
    """

    def __init__(self) -> None:
        self.length = 0
        self._start = self._last = self._before = self._step = math.nan

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

    def latest(self) -> tuple[float, float] | None:
        """Return the latest two points, if they are two and a step apart."""
        if self.length and math.isfinite(self._step):
            return self._before, self._last
        return None

    def beyond(self) -> Iterator[float] | None:
        """Yield the points that follow, each with the next number to either side: x + h rounds."""
        if self.length < 2 or not math.isfinite(self._step):  # noqa: PLR2004 - one step is no series
            return None
        return self._with_neighbours()

    def _with_neighbours(self) -> Iterator[float]:
        step = (self._last - self._start) / self.length
        for number in itertools.count(self.length + 1):
            point = self._start + number * step
            near = point, math.nextafter(point, -math.inf), math.nextafter(point, math.inf)
            yield from map(type(self._last), near)
