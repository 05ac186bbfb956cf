"""Evaluate a hidden function where the student will ask next, and send the values along.

Each question of a student's code is a round trip between two processes. Where `numgrade.guesses`
sees where the next ones will be, the values there go along with the answer; where earlier calls of
the same function of the student showed a habit, they go along with the call itself. The worker
answers from them and reports, with its next message, which of them were used. Nothing is given
away, since the guesses follow from the student's own points and from the arguments that it was
given; and what was not used does not count as evaluated. Only pure functions are treated so.
"""

from __future__ import annotations

import itertools
import time
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from numgrade.descents import Descent
from numgrade.errors import MalformedFrame
from numgrade.given import Given
from numgrade.guesses import Trail
from numgrade.habits import unanswered
from numgrade.protocol import Ahead
from numgrade.purity import is_pure
from numgrade.vectors import bits_of, bits_of_all, form_of, forms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numgrade.evaluation import Evaluations
    from numgrade.habits import Guesses, Habit

_MAX_OFFERED = 16_384  # values ahead, in one call
_SECONDS = 2e-3  # time for guesses, each time
_ROW = np.dtype("<u4")


Key: TypeAlias = "tuple[int, ...]"
"""Which function of a call; and how many numbers and vectors the call was given beside it."""


class Shown(NamedTuple):
    """What earlier calls of a student's function showed of one of the functions it was given.

    Attributes
    ----------
    habit : Habit, optional
        Where its points come from.
    leader : int
        Without a habit, the function at whose points this one is evaluated as well.
    """

    habit: Habit | None
    leader: int = -1


class LookAhead:
    """What a worker is told in one call beyond what it asks for.

    Parameters
    ----------
    arguments : sequence
        The positional arguments of the call.
    functions : sequence of callable
        The hidden functions among them.
    evaluations : sequence of Evaluations
        For each function, where points are noted that the student has used.
    shown : dict
        What earlier calls showed; it is brought up to date.
    """

    def __init__(
        self,
        arguments: Sequence[Any],
        functions: Sequence[Callable[..., Any]],
        evaluations: Sequence[Evaluations],
        shown: dict[Key, Shown],
    ) -> None:
        self._given = Given(arguments)
        self._functions = functions
        self._evaluations = evaluations
        self._shown = shown
        self._trails: dict[int, Trail | None] = {}
        # What was told, one row a value: of which function, where, and what.
        self._functions_told: list[int] = []
        self._points: list[Any] = []
        self._values: list[Any] = []

    def opening(self) -> list[Ahead]:
        """Return what to tell with the call itself, for functions of which a habit is known."""
        ahead: list[Ahead] = []
        for index in range(len(self._functions)):
            shown = self._shown_of(index)
            if shown is not None and shown.habit is not None:
                if trail := self._trail(index):
                    trail.expect(shown.habit)
                told = self._evaluated(index, partial(shown.habit.points, self._given))
                ahead += self._with_followers(index, *told)
        return ahead

    def close(self) -> None:
        """Keep for the next call of the same function what this one showed, be it nothing."""
        for index, trail in self._trails.items():
            if trail and trail.count:
                leader = -1 if trail.habit else self._leader_of(index)
                shown = Shown(trail.habit, leader)
                self._shown[index,] = self._shown[self._key(index)] = shown

    def take_used(self, used: bytes) -> None:
        """Note the points whose values the worker had been told before, by their numbers.

        Raises
        ------
        MalformedFrame
            If it was told no such value.
        """
        if not used:
            return
        rows = np.frombuffer(used, _ROW).tolist() if len(used) % _ROW.itemsize == 0 else [-1]
        if not 0 <= min(rows) <= max(rows) < len(self._points):
            raise MalformedFrame("it used values that it was not given")
        functions = list(map(self._functions_told.__getitem__, rows))
        for index in set(functions):
            own = [row for row, of in zip(rows, functions, strict=True) if of == index]
            points = list(map(self._points.__getitem__, own))
            self._evaluations[index].take(points)
            if trail := self._trails[index]:
                trail.follow(points, self._values[own[-1]])

    def beyond(self, index: int, point: tuple[Any, ...], value: Any) -> list[Ahead]:  # noqa: ANN401
        """Return what to tell along with the value at a point: further points and their values.

        Parameters
        ----------
        index : int
            Which function was evaluated.
        point : tuple
            Where.
        value : object
            Its value there.
        """
        if len(point) != 1 or not _is_numeric(point[0]) or not form_of(value):
            return []
        trail = self._trail(index)
        if trail is None or len(self._points) > _MAX_OFFERED:
            return []
        trail.add(point[0], value)
        points, values = self._evaluated(index, trail.guesses)
        # The point itself may be asked for once more.
        return self._with_followers(index, [point[0], *points], [value, *values])

    def _shown_of(self, index: int) -> Shown | None:
        """Return what the latest call of the same kind showed, or else the latest of all."""
        return self._shown.get(self._key(index)) or self._shown.get((index,))

    def _key(self, index: int) -> Key:
        return index, len(self._given.numbers), len(self._given.vectors)

    def _trail(self, index: int) -> Trail | None:
        """Return the trail of a function; None if it is not to be evaluated but where it must."""
        if index not in self._trails:
            pure = is_pure(self._functions[index])
            self._trails[index] = Trail(self._given) if pure else None
        return self._trails[index]

    def _leader_of(self, index: int) -> int:
        """Return the function that was evaluated, or was to be, where this one was; -1 if none."""
        own = (point[0] for point in self._evaluations[index].points if len(point) == 1)
        points = {bits_of(point) for point in own if form_of(point)}
        for other, trail in self._trails.items():
            if other != index and trail is not None and isinstance(trail.habit, Descent):
                told = zip(self._functions_told, self._points, strict=True)
                offered = {bits_of(point) for of, point in told if of == other}
                if len(points & offered) > 1:
                    return other
        return -1

    def _with_followers(self, index: int, points: list[Any], values: list[Any]) -> list[Ahead]:
        """Tell the values of a function at points, and those of functions that follow it there."""
        ahead = self._told(index, points, values)
        for other in range(len(self._functions)):
            shown = self._shown_of(other)
            if shown is not None and shown.leader == index:
                ahead += self._told(other, *self._evaluated(other, partial(unanswered, points)))
        return ahead

    def _evaluated(self, index: int, guesses: Callable[[], Guesses]) -> tuple[list[Any], list[Any]]:
        """Return guessed points, as many as there is time for, and the values there."""
        points: list[Any] = []
        values: list[Any] = []
        if self._trail(index) is None:
            return points, values
        function = self._functions[index]
        end = time.monotonic() + _SECONDS
        try:
            series = guesses()
            point = next(series)
            while time.monotonic() < end:
                value = function(point)
                points.append(point)
                values.append(value)
                point = series.send(value)
        except StopIteration:
            pass
        except Exception:  # noqa: BLE001, S110 - whatever it is, the student has not asked for it
            pass
        return points, values

    def _told(self, index: int, points: list[Any], values: list[Any]) -> list[Ahead]:
        """Return points and values as they travel, and note them; what has no form stays here."""
        ahead: list[Ahead] = []
        start = 0
        for (of_point, of_value), run in itertools.groupby(
            zip(forms_of(points), forms_of(values), strict=True)
        ):
            end = start + len(list(run))
            if of_point is not None and of_value is not None:
                self._functions_told += [index] * (end - start)
                self._points += points[start:end]
                self._values += values[start:end]
                pairs = zip(points[start:end], values[start:end], strict=True)
                bits = bits_of_all(list(itertools.chain.from_iterable(pairs)))
                ahead.append(Ahead(index, of_point, of_value, bits))
            start = end
        return ahead


def _is_numeric(point: Any) -> bool:  # noqa: ANN401 - any point at all
    """Tell whether a point is a number, or an array of numbers that are not truth values."""
    if isinstance(point, np.ndarray):
        return point.dtype.kind in "if"
    return isinstance(point, int | float | np.integer)
