"""The values that travel between grader and worker: numbers, texts, arrays, lists of these.

`Packer` turns a Python value into wire values, `Unpacker` turns them back. A subclass of float,
list or ndarray arrives as the plain value: operators that lie stay behind.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from numgrade import kinds
from numgrade.errors import MalformedFrame
from numgrade.vectors import is_short_vector, vector_of
from numgrade.wire import (
    MAX_ARRAY_BYTES,
    MAX_ELEMENTS,
    MAX_INTEGER_BITS,
    MAX_ITEMS,
    MAX_TEXT,
    WORD,
    WireArray,
    WireCallable,
    WireComplex,
    WireDict,
    WireFloat64,
    WireInteger,
    WireList,
    WireScalar,
    WireTuple,
    WireValue,
    WireVector,
    keys_are_harmless,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_DEPTH = 16
DTYPES = frozenset("?bhilqBHILQefdgFDG")
"""NumPy's character codes of the numbers that may travel."""

_PART_BYTES = 32


class Unsendable(TypeError):
    """A value that cannot travel; its text names the kind of value, in a student's words."""


class Packer:
    """Turn Python values into wire values, collecting the bytes of arrays and the callables.

    Parameters
    ----------
    callables : list, optional
        Receives every callable met; without it a callable cannot travel.
    """

    def __init__(self, callables: list[Callable[..., Any]] | None = None) -> None:
        self.buffers: list[bytes] = []
        self._callables = callables
        self._items = 0
        self._bytes = 0

    def pack(self, value: Any, depth: int = 0) -> WireValue:  # noqa: ANN401 - any value at all
        """Return the wire value of `value`.

        Raises
        ------
        Unsendable
            If the value is of a kind, size or depth that does not travel.
        """
        self._count(depth)
        if type(value) is float or value is None or value is True or value is False:
            return value
        if isinstance(value, np.generic):
            return self._scalar(value)
        if isinstance(value, np.ndarray):
            return self._vector(value) if is_short_vector(value) else self._array(value)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, int):
            return self._integer(int.__index__(value))
        return self._pack_other(value, depth)

    def _pack_other(self, value: Any, depth: int) -> WireValue:  # noqa: ANN401
        if isinstance(value, complex):
            plain = complex.__complex__(value)
            return WireComplex(plain.real, plain.imag)
        if isinstance(value, str):
            return self._text(str.__str__(value))
        if isinstance(value, list):
            return WireList([self.pack(item, depth + 1) for item in list.__iter__(value)])
        if isinstance(value, tuple):
            return WireTuple([self.pack(item, depth + 1) for item in tuple.__iter__(value)])
        if isinstance(value, dict):
            if not keys_are_harmless(dict.keys(value)):
                raise Unsendable(kinds.UNUSUAL_KEYS)
            pairs = [part for pair in dict.items(value) for part in pair]
            return WireDict([self.pack(part, depth + 1) for part in pairs])
        if self._callables is not None and callable(value):
            self._callables.append(value)
            return WireCallable(len(self._callables) - 1, _arity(value))
        raise Unsendable(kinds.of(value))

    def _count(self, depth: int, weight: int = 1) -> None:
        """Count one more part; one that takes many bytes counts as several."""
        self._items += weight
        if depth > MAX_DEPTH:
            raise Unsendable(kinds.TOO_DEEP)
        if self._items > MAX_ITEMS:
            raise Unsendable(kinds.TOO_MANY)

    def _integer(self, value: int) -> int | WireInteger:
        if value in WORD:
            return value
        if value.bit_length() > MAX_INTEGER_BITS:
            raise Unsendable(kinds.TOO_HIGH)
        data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
        self._count(0, len(data) // _PART_BYTES)
        return WireInteger(data)

    def _text(self, value: str) -> str:
        if len(value) > MAX_TEXT:
            raise Unsendable(kinds.TOO_LONG)
        try:
            self._count(0, len(value.encode()) // _PART_BYTES)
        except UnicodeEncodeError:
            raise Unsendable(kinds.NO_TEXT) from None
        return value

    def _scalar(self, value: np.generic) -> WireScalar | WireFloat64:
        if type(value) is np.float64:
            return WireFloat64(float(value))
        if value.dtype.char not in DTYPES:
            raise Unsendable(kinds.of_array("a NumPy scalar", value.dtype))
        return WireScalar(value.dtype.char, value.tobytes())

    def _vector(self, value: np.ndarray[Any, Any]) -> WireVector:
        data = value.tobytes()
        self._count(0, len(data) // _PART_BYTES)
        return WireVector(data)

    def _array(self, value: np.ndarray[Any, Any]) -> WireArray:
        array = np.asarray(value)
        if array.dtype == object:
            array = _numbers_of(array)
        if not array.dtype.isnative:
            array = array.astype(array.dtype.newbyteorder("="))
        if array.dtype.char not in DTYPES:
            raise Unsendable(kinds.of_array("an array", array.dtype))
        if (array.size or _extent(array.shape)) > MAX_ELEMENTS:
            raise Unsendable(kinds.TOO_LARGE)
        self._bytes += array.nbytes
        if self._bytes > MAX_ARRAY_BYTES:
            raise Unsendable(kinds.TOO_MUCH)
        self.buffers.append(array.tobytes())
        return WireArray(array.dtype.char, list(array.shape))


class Unpacker:
    """Turn wire values back into Python values that the receiver owns.

    Parameters
    ----------
    buffer : bytearray
        The raw bytes that followed the structure.
    stand_in : callable, optional
        Makes the function that stands for a `WireCallable`; without it one is malformed.
    """

    def __init__(
        self,
        buffer: bytearray,
        stand_in: Callable[[WireCallable], Callable[..., Any]] | None = None,
    ) -> None:
        self._buffer = buffer
        self._start = 0
        self._items = 0
        self._stand_in = stand_in

    def unpack(self, wire: WireValue, depth: int = 0) -> Any:  # noqa: ANN401 - any value at all
        """Return the Python value of `wire`.

        Raises
        ------
        MalformedFrame
            If the value is not one that `Packer` makes.
        """
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise MalformedFrame("a value is nested too deeply or has too many parts")
        unpacker = self._UNPACKERS.get(type(wire))
        return wire if unpacker is None else unpacker(self, wire, depth)

    def finish(self) -> None:
        """Check that every byte of the buffer belonged to an array.

        Raises
        ------
        MalformedFrame
            If bytes are left over.
        """
        if self._start != len(self._buffer):
            raise MalformedFrame("bytes are left over behind the arrays")

    def _array(self, wire: WireArray, _depth: int) -> np.ndarray[Any, Any]:
        dtype = _checked_dtype(wire.dtype)
        if min(wire.shape, default=0) < 0 or _extent(wire.shape) > MAX_ELEMENTS:
            raise MalformedFrame("an array has an impossible shape")
        size = math.prod(wire.shape)
        end = self._start + size * dtype.itemsize
        if end > len(self._buffer):
            raise MalformedFrame("an array is larger than the bytes that came with it")
        data = np.frombuffer(self._buffer, dtype, size, self._start) if size else np.empty(0, dtype)
        self._start = end
        return data.reshape(wire.shape).copy()

    def _scalar(self, wire: WireScalar, _depth: int) -> Any:  # noqa: ANN401 - any NumPy scalar
        dtype = _checked_dtype(wire.dtype)
        if len(wire.data) != dtype.itemsize:
            raise MalformedFrame("a scalar has the wrong number of bytes")
        return np.frombuffer(wire.data, dtype)[0]

    def _list(self, wire: WireList | WireTuple | WireDict, depth: int) -> list[Any]:
        return [self.unpack(item, depth + 1) for item in wire.items]

    def _tuple(self, wire: WireTuple, depth: int) -> tuple[Any, ...]:
        return tuple(self._list(wire, depth))

    def _dict(self, wire: WireDict, depth: int) -> dict[Any, Any]:
        parts = self._list(wire, depth)
        if not keys_are_harmless(parts[::2]):
            raise MalformedFrame("a dict has too many unusual keys")
        try:
            return dict(zip(parts[::2], parts[1::2], strict=True))
        except (TypeError, ValueError) as error:
            raise MalformedFrame("a dict has a key that cannot be one") from error

    def _function(self, wire: WireCallable, _depth: int) -> Callable[..., Any]:
        if self._stand_in is None:
            raise MalformedFrame("a function cannot travel this way")
        return self._stand_in(wire)

    # A table that is made once: a single lookup a value is what a round trip can afford.
    _UNPACKERS: ClassVar[dict[type, Callable[..., Any]]] = {
        WireArray: _array,
        WireVector: lambda _, wire, __: vector_of(wire),
        WireScalar: _scalar,
        WireFloat64: lambda _, wire, __: np.float64(wire.value),
        WireList: _list,
        WireTuple: _tuple,
        WireDict: _dict,
        WireComplex: lambda _, wire, __: complex(wire.real, wire.imag),
        WireInteger: lambda _, wire, __: int.from_bytes(wire.data, "little", signed=True),
        WireCallable: _function,
    }


def _extent(shape: Sequence[int]) -> int:
    """Return the number of elements, with one where a dimension is empty.

    NumPy itself refuses an empty array whose other dimensions are too large.
    """
    return math.prod(length or 1 for length in shape)


def _numbers_of(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an object array of numbers as an array of numbers."""
    try:
        numbers = np.array(array.tolist())
    except (TypeError, ValueError, OverflowError):
        raise Unsendable(kinds.OBJECTS) from None
    if numbers.dtype.char not in DTYPES or numbers.shape != array.shape:
        raise Unsendable(kinds.OBJECTS)
    return numbers


def _checked_dtype(char: str) -> np.dtype[Any]:
    if char not in DTYPES:
        raise MalformedFrame(f"the dtype {char!r} does not travel")
    return np.dtype(char)


def _arity(function: Callable[..., Any]) -> int | None:
    if isinstance(function, np.ufunc):
        return function.nin
    code = getattr(function, "__code__", None)
    if code is None or code.co_flags & 0x04 or getattr(function, "__defaults__", None):
        return None  # takes *args, has defaults, or is no plain function
    return int(code.co_argcount) - int(hasattr(function, "__self__"))
