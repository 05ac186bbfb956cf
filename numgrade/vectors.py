"""Short arrays of doubles, which travel in the structure of a message instead of behind it."""

from __future__ import annotations

from typing import Any

import numpy as np

from numgrade.errors import MalformedFrame
from numgrade.wire import MAX_VECTOR, WireVector

_DOUBLE = np.dtype(np.float64)


def is_short_vector(value: Any) -> bool:  # noqa: ANN401 - any value at all
    """Tell whether a value is an array that travels as a `WireVector`."""
    return (
        type(value) is np.ndarray
        and value.dtype is _DOUBLE
        and value.ndim == 1
        and value.size <= MAX_VECTOR
    )


def vector_of(wire: WireVector) -> np.ndarray[Any, Any]:
    """Return the array that a `WireVector` stands for.

    Raises
    ------
    MalformedFrame
        If its bytes are not those of doubles.
    """
    if len(wire.data) % _DOUBLE.itemsize:
        raise MalformedFrame("an array of doubles has a part of one")
    return np.frombuffer(wire.data, _DOUBLE).copy() if wire.data else np.empty(0)
