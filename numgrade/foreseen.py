"""Values of functions of the grader's that came along before they were asked for."""

from __future__ import annotations

from array import array
from typing import Any

from numgrade.protocol import MAX_USED
from numgrade.vectors import bits_of, from_bits

_ROW = "I"


class Foreseen:
    """The worker's side of `numgrade.lookahead`: what came along in one call."""

    def __init__(self) -> None:
        self._values: dict[object, tuple[int, type, bytes]] = {}
        self._rows = 0
        self._used = array(_ROW)

    def value_at(self, index: int, point: tuple[Any, ...]) -> Any:  # noqa: ANN401
        """Return the value at a point, and remember that it was used; None if it is not known.

        Parameters
        ----------
        index : int
            Which function is evaluated.
        point : tuple
            Where.
        """
        if not self._values or len(point) != 1 or len(self._used) == MAX_USED:
            return None
        known = self._values.get((index, type(point[0]), bits_of(point[0])))
        if known is None:
            return None
        row, kind, value = known
        self._used.append(row)
        return from_bits(kind, value)

    def learn(self, index: int, point: tuple[Any, ...], value: Any, ahead: bytes) -> None:  # noqa: ANN401
        """Take the values that came with an answer: points of its kind, each with its value."""
        if not ahead:
            return
        kind, result = type(point[0]), type(value)
        width, size = len(bits_of(point[0])), len(bits_of(value))
        for start in range(0, len(ahead), width + size):
            middle = start + width
            key = index, kind, ahead[start:middle]
            self._values[key] = self._rows, result, ahead[middle : middle + size]
            self._rows += 1

    def take_used(self) -> bytes:
        """Return the numbers of the values that were used since the last message to the grader."""
        used, self._used = self._used, array(_ROW)
        return used.tobytes()
