"""Values of a function of the grader's that came along before they were asked for."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np

from numgrade.protocol import MAX_USED


class Foreseen:
    """The worker's side of `numgrade.lookahead`: at most one function's values at a time."""

    def __init__(self) -> None:
        self._owner: object = None
        self._kind: Any = float
        self._values: dict[float, Any] = {}
        self._used = array("d")

    def value_at(self, owner: object, point: tuple[Any, ...]) -> Any:  # noqa: ANN401
        """Return the value at a point, and remember that it was used; None if it is not known.

        Parameters
        ----------
        owner : object
            Which function of which call is evaluated.
        point : tuple
            Where.
        """
        if owner != self._owner or len(point) != 1 or type(point[0]) is not self._kind:
            return None
        where = point[0]
        value = self._values.get(where)
        if value is None or len(self._used) == MAX_USED:
            return None
        self._used.append(where)
        return value

    def learn(self, owner: object, point: tuple[Any, ...], value: Any, ahead: bytes) -> None:  # noqa: ANN401
        """Take the values that came with an answer: points, then as many values, of its types."""
        self._values = {}
        if not ahead:
            return
        points, values = np.frombuffer(ahead).reshape(2, -1)
        self._owner, self._kind = owner, type(point[0])
        # Iterating over an array gives NumPy's floats, over its list Python's.
        kept = values if type(value) is np.float64 else values.tolist()
        self._values = dict(zip(points.tolist(), kept, strict=True))

    def take_used(self) -> bytes:
        """Return the points that were used since the last message to the grader."""
        used, self._used = self._used, array("d")
        return used.tobytes()
