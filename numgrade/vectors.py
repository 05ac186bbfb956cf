"""Short arrays of doubles, which travel in the structure of a message instead of behind it."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np

from numgrade.errors import MalformedFrame
from numgrade.wire import MAX_VECTOR, WireVector

_DOUBLE = np.dtype(np.float64)
_BITS = struct.Struct("<d")


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


def bits_of(value: Any) -> bytes:  # noqa: ANN401 - any value at all
    """Return the bits of a float or of a short vector, which tell 0.0 from -0.0; none of others."""
    if isinstance(value, float):
        return _BITS.pack(value)
    return value.tobytes() if is_short_vector(value) else b""


def from_bits(kind: type, bits: bytes) -> Any:  # noqa: ANN401 - a float or an array
    """Return the number or the short vector of a kind that `bits_of` took apart."""
    return np.frombuffer(bits).copy() if kind is np.ndarray else kind(*_BITS.unpack(bits))
