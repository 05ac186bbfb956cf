"""Evaluate a hidden function where the student will ask next, and send the values along.

Each question of a student's code is a round trip between two processes. Where `numgrade.guesses`
sees where the next ones will be, the values there go along with the answer; the worker answers
from them and reports, with its next message, which of them were used. Nothing is given away, since
the guesses follow from the student's own points and from the arguments that it was given; and what
was not used does not count as evaluated. Only pure functions are treated so.
"""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from numgrade.errors import MalformedFrame
from numgrade.guesses import Trail
from numgrade.purity import is_pure
from numgrade.vectors import bits_of, is_short_vector

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numgrade.evaluation import Evaluations

_MAX_OFFERED = 16_384  # values ahead, in one call
_SECONDS = 1e-3  # time for guesses, each time
_SCALARS = frozenset({float, np.float64})
_ROW = np.dtype("<u4")


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
    """

    def __init__(
        self,
        arguments: Sequence[Any],
        functions: Sequence[Callable[..., Any]],
        evaluations: Sequence[Evaluations],
    ) -> None:
        self._arguments = arguments
        self._functions = functions
        self._evaluations = evaluations
        self._trails: dict[int, Trail | None] = {}
        self._offered: list[tuple[int, Trail, Any, Any]] = []

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
        if not 0 <= min(rows) <= max(rows) < len(self._offered):
            raise MalformedFrame("it used values that it was not given")
        for row in rows:
            index, trail, point, value = self._offered[row]
            trail.add(point, value, foreseen=True)
            self._evaluations[index].count += 1
            self._evaluations[index].keep((point,))

    def beyond(self, index: int, point: tuple[Any, ...], value: Any) -> bytes:  # noqa: ANN401
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
        if len(point) != 1 or not _travels(point[0]) or not _travels(value):
            return b""
        if index not in self._trails:
            pure = is_pure(self._functions[index])
            self._trails[index] = Trail(self._arguments) if pure else None
        trail = self._trails[index]
        if trail is None or len(self._offered) > _MAX_OFFERED:
            return b""
        trail.add(point[0], value)
        start = len(self._offered)
        self._offered.append((index, trail, point[0], value))  # it may be asked for once more
        self._evaluate(index, trail, point[0], value)
        offered = itertools.islice(self._offered, start, None)
        return b"".join(bits_of(number) for _, _, *pair in offered for number in pair)

    def _evaluate(self, index: int, trail: Trail, point: Any, value: Any) -> None:  # noqa: ANN401
        """Offer the values at guessed points, as long as they are like the first."""
        guesses, function = trail.guesses(), self._functions[index]
        end = time.monotonic() + _SECONDS
        kind, is_array = type(point), type(value) is np.ndarray
        try:
            guess = next(guesses)
            while time.monotonic() < end:
                guess = guess if kind is np.ndarray else kind(guess)
                found = function(guess)
                if type(found) is not type(value) or (is_array and found.shape != value.shape):
                    return
                self._offered.append((index, trail, guess, found))
                guess = guesses.send(found)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - whatever it is, the student has not asked for it
            return


def _travels(value: Any) -> bool:  # noqa: ANN401 - any value at all
    return type(value) in _SCALARS or is_short_vector(value)
