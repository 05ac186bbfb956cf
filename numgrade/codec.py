"""All values of a message at once, with a short way for what most messages hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from numgrade.values import Packer, Unpacker
from numgrade.vectors import is_short_vector, vector_of
from numgrade.wire import WireFloat64, WireVector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numgrade.wire import Buffers, WireValue


def pack_all(values: Sequence[Any]) -> tuple[list[WireValue], Buffers]:
    """Return the wire values of several values, and the bytes of their arrays.

    Raises
    ------
    Unsendable
        If one of them does not travel.
    """
    if len(values) == 1:
        wire, buffers = pack_one(values[0])
        return [wire], buffers
    packer = Packer()
    return [packer.pack(value) for value in values], packer.buffers


def pack_one(value: Any) -> tuple[WireValue, Buffers]:  # noqa: ANN401 - any value at all
    """Return the wire value of one value, and the bytes of its arrays; raises as `pack_all`."""
    if type(value) is float:  # the values of most evaluations, like the next
        return value, ()
    if type(value) is np.float64:
        return WireFloat64(float(value)), ()
    if is_short_vector(value):
        return WireVector(value.tobytes()), ()
    packer = Packer()
    return packer.pack(value), packer.buffers


def unpack_all(wires: list[WireValue], buffer: bytearray) -> list[Any]:
    """Return the Python values of all the wire values of a message.

    Raises
    ------
    MalformedFrame
        If one of them is not one that `Packer` makes, or bytes are left over.
    """
    if len(wires) == 1 and not buffer:  # the points and values of most evaluations
        wire = wires[0]
        if type(wire) is float:
            return wires
        if type(wire) is WireFloat64:
            return [np.float64(wire.value)]
        if type(wire) is WireVector:
            return [vector_of(wire)]
    unpacker = Unpacker(buffer)
    values = [unpacker.unpack(wire) for wire in wires]
    unpacker.finish()
    return values
