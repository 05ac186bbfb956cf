"""The types of the values on the wire, and how large they may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_ITEMS = 100_000
MAX_ELEMENTS = 1_000_000
MAX_INTEGER_BITS = 4096
MAX_TEXT = 200_000
MAX_ARRAY_BYTES = 16 * MAX_ELEMENTS
"""Of all arrays of a message together."""

MAX_UNUSUAL_KEYS = 1_000
"""Of a dict: hashes that collide can be computed for all keys but texts and small numbers."""

MAX_VECTOR = 128
WORD = range(-(2**63), 2**63)

Form: TypeAlias = tuple[str, int]
"""How a value travels as bits alone: f, a float; n, NumPy's; v, a vector; and in how many bytes."""

Name = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]


class Wire(msgspec.Struct, array_like=True, frozen=True):
    """Base of the wire values: arrays with a tag, the shortest MessagePack there is."""


class WireInteger(Wire, array_like=True, frozen=True, tag="i"):
    """An integer beyond 64 bits, as signed little-endian bytes."""

    data: Annotated[bytes, msgspec.Meta(max_length=MAX_INTEGER_BITS // 8 + 1)]


class WireComplex(Wire, array_like=True, frozen=True, tag="c"):
    """A complex number."""

    real: float
    imag: float


class WireScalar(Wire, array_like=True, frozen=True, tag="s"):
    """A NumPy scalar, with its dtype: `np.sum` returns one."""

    dtype: Name
    data: Annotated[bytes, msgspec.Meta(max_length=32)]


class WireFloat64(Wire, array_like=True, frozen=True, tag="n"):
    """NumPy's own float, the scalar that most functions return."""

    value: float


class WireArray(Wire, array_like=True, frozen=True, tag="a"):
    """An array; its bytes follow the structure, in the order in which arrays occur in it."""

    dtype: Name
    shape: Annotated[list[int], msgspec.Meta(max_length=32)]


class WireVector(Wire, array_like=True, frozen=True, tag="v"):
    """A short array of doubles with one dimension, as its bytes: most points in the plane."""

    data: Annotated[bytes, msgspec.Meta(max_length=8 * MAX_VECTOR)]


class WireList(Wire, array_like=True, frozen=True, tag="l"):
    """A list."""

    items: Annotated[list[WireValue], msgspec.Meta(max_length=MAX_ITEMS)]


class WireTuple(Wire, array_like=True, frozen=True, tag="t"):
    """A tuple, told apart from a list."""

    items: Annotated[list[WireValue], msgspec.Meta(max_length=MAX_ITEMS)]


class WireDict(Wire, array_like=True, frozen=True, tag="d"):
    """A dict: keys and values in turn, in their order."""

    items: Annotated[list[WireValue], msgspec.Meta(max_length=MAX_ITEMS)]


class WireCallable(Wire, array_like=True, frozen=True, tag="f"):
    """A function that stays with the grader. `arity` is None where any number of points is fine."""

    index: int
    arity: int | None


WireValue: TypeAlias = (
    bool
    | int
    | float
    | Text
    | WireInteger
    | WireComplex
    | WireScalar
    | WireFloat64
    | WireArray
    | WireVector
    | WireList
    | WireTuple
    | WireDict
    | WireCallable
    | None
)

Buffers: TypeAlias = "list[bytes] | tuple[()]"
"""The bytes of a message's arrays, in the order in which they occur in it."""


def keys_are_harmless(keys: Collection[Any]) -> bool:
    """Tell whether a dict of these keys is made in reasonable time."""
    usual = (isinstance(key, str | float) or (isinstance(key, int) and key in WORD) for key in keys)
    return len(keys) <= MAX_UNUSUAL_KEYS or all(usual)
