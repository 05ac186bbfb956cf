"""Values of functions of the grader's that came along before they were asked for."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from numgrade.protocol import MAX_USED
from numgrade.vectors import bits_of, form_of, from_bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numgrade.protocol import Ahead
    from numgrade.wire import Form

_ROW = "I"


class Foreseen:
    """The worker's side of `numgrade.lookahead`: what came along in one call."""

    def __init__(self) -> None:
        self._values: dict[object, tuple[int, Form, bytes]] = {}
        self._rows = 0
        self._used = array(_ROW)

    def learn(self, ahead: Sequence[Ahead]) -> None:
        """Take the values that came with a call or with an answer."""
        for part in ahead:
            (kind, width), (_, size), bits = part.point, part.value, part.bits
            for start in range(0, len(bits), width + size):
                middle = start + width
                value = self._rows, part.value, bits[middle : middle + size]
                self._values[part.index, kind, bits[start:middle]] = value
                self._rows += 1

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
        form = form_of(point[0])
        known = self._values.get((index, form[0], bits_of(point[0]))) if form else None
        if known is None:
            return None
        row, value, bits = known
        self._used.append(row)
        return from_bits(value, bits)

    def take_used(self) -> bytes:
        """Return the numbers of the values that were used since the last message to the grader."""
        used, self._used = self._used, array(_ROW)
        return used.tobytes()
