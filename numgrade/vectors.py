"""Short arrays of doubles, which travel in the structure of a message instead of behind it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from numgrade.errors import MalformedFrame
from numgrade.wire import MAX_VECTOR, Form, WireVector

if TYPE_CHECKING:
    from collections.abc import Sequence

_DOUBLE = np.dtype(np.float64)
_BITS = struct.Struct("<d")
_FLOAT, _NUMBER = ("f", 8), ("n", 8)


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


def form_of(value: Any) -> Form | None:  # noqa: ANN401 - any value at all
    """Return the form in which a value travels as bits alone; None if it does not."""
    if type(value) is float:
        return _FLOAT
    if type(value) is np.float64:
        return _NUMBER
    return ("v", value.nbytes) if is_short_vector(value) else None


def forms_of(values: Sequence[Any]) -> list[Form | None]:
    """Return the forms of many values, most of which are of one kind."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return [_FLOAT] * len(values)
    return [_NUMBER] * len(values) if kinds == {np.float64} else list(map(form_of, values))


def bits_of(value: Any) -> bytes:  # noqa: ANN401 - a value that has a form
    """Return the bits of a float or of a short vector, which tell 0.0 from -0.0."""
    return _BITS.pack(value) if isinstance(value, float) else value.tobytes()


def bits_of_all(values: Sequence[Any]) -> bytes:
    """Return the bits of many values, one after another."""
    try:
        return struct.pack(f"<{len(values)}d", *values)  # in one go where all of them are numbers
    except struct.error:
        return b"".join(map(bits_of, values))


def from_bits(form: Form, bits: bytes) -> Any:  # noqa: ANN401 - a float or an array
    """Return the number or the short vector that `bits_of` took apart."""
    if form[0] == "v":
        return np.frombuffer(bits).copy()
    (number,) = _BITS.unpack(bits)
    return number if form[0] == "f" else np.float64(number)
