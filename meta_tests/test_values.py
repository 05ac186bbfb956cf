"""What travels on the wire arrives equal and of the same type; what cannot travel is named."""

from __future__ import annotations

import decimal
import enum
import math
import socket
import types
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import hypothesis.extra.numpy as npst
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numgrade.codec import unpack_all
from numgrade.errors import MalformedFrame
from numgrade.protocol import MAX_ANSWER_BYTES, Answer, Channel
from numgrade.values import DTYPES, MAX_DEPTH, Packer, Unpacker, Unsendable
from numgrade.wire import (
    MAX_ELEMENTS,
    MAX_INTEGER_BITS,
    MAX_ITEMS,
    MAX_TEXT,
    WireArray,
    WireCallable,
    WireComplex,
    WireDict,
    WireFloat64,
    WireInteger,
    WireList,
    WireScalar,
    WireTuple,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["meta_tests.spine"]

HUGE = 2**MAX_INTEGER_BITS - 1
OTHER_END = ThreadPoolExecutor(1)

dtypes = st.sampled_from(sorted(DTYPES)).map(np.dtype)
arrays = npst.arrays(
    dtype=st.one_of(dtypes, dtypes.map(lambda dtype: dtype.newbyteorder(">"))),
    shape=npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
keys = st.one_of(st.text(max_size=5), st.integers(), st.tuples(st.integers(), st.booleans()))
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-HUGE, HUGE),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=20),
    arrays,
    dtypes.flatmap(npst.from_dtype),
)
plain_values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=12,
)


def identical(one: Any, other: Any) -> bool:  # noqa: ANN401 - any two values
    """Tell whether two values have the same types and the same numbers, NaN and -0.0 included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray | np.generic):
        return identical_arrays(np.asarray(one), np.asarray(other))
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, dict):
        return identical(list(one.items()), list(other.items()))
    return repr(one) == repr(other)


def identical_arrays(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> bool:
    """Tell the same of two arrays, the second of which is in native byte order."""
    native = one.dtype.newbyteorder("=")
    if native != other.dtype or one.shape != other.shape:
        return False
    as_sent = one.astype(native)
    if native.char in "gG":  # of an extended float, only 10 of 16 bytes are the number
        return repr(as_sent.tolist()) == repr(other.tolist())
    return as_sent.tobytes() == other.tobytes()


def sent(value: object) -> Any:  # noqa: ANN401 - any value at all
    """Return what arrives at the other end of a wire."""
    ours, theirs = socket.socketpair()
    packer = Packer()
    answer = Answer(1, packer.pack(value), {})
    with ours, theirs:
        sending = OTHER_END.submit(Channel(theirs).send, answer, packer.buffers)
        reply, buffer = Channel(ours).receive_reply()
        sending.result()
    assert isinstance(reply, Answer)
    (received,) = unpack_all([reply.value], buffer)
    return received


class Lies(enum.IntEnum):
    """An integer that is not plain."""

    SEVEN = 7


class Point(NamedTuple):
    """A tuple that is not plain."""

    x: float
    y: float


def _lie(*_: object) -> NoReturn:
    raise AssertionError("a value was asked about itself")


OPERATORS = (
    "__eq__ __hash__ __float__ __int__ __index__ __complex__ __str__ __repr__ __iter__ __len__ "
    "__getitem__ __sub__ __rsub__ __lt__ __bool__ __array__ __array_ufunc__ __array_function__ "
    "items keys tobytes real imag"
).split()


def lying(base: type, *arguments: object) -> Any:  # noqa: ANN401 - an instance of a subclass
    """Return an instance of a subclass whose operators must not be used."""
    liar = type("Liar", (base,), {})(*arguments)
    for name in OPERATORS:
        if hasattr(base, name) and (name != "tobytes" or base is not np.float64):
            setattr(type(liar), name, _lie)
    return liar


@given(value=plain_values)
def test_values_arrive_as_they_were_sent(value: object) -> None:
    """Nested values of all types and dtypes come back equal, of the same type, bit for bit."""
    assert identical(value, sent(value))


@given(array=arrays)
def test_received_arrays_belong_to_the_receiver(array: np.ndarray[Any, Any]) -> None:
    """An array that arrives can be written to, and shares its memory with nothing."""
    received = sent(array)
    assert received.flags.writeable
    assert received.flags.owndata or received.base.flags.owndata
    assert received.dtype.isnative


def test_views_arrive_as_what_they_show() -> None:
    """Strides, Fortran order, reversal and broadcasting are not visible at the other end."""
    grid = np.arange(12.0).reshape(3, 4)
    for view in (grid.T, grid[::-1, ::2], np.asfortranarray(grid), np.broadcast_to(1.5, (2, 3))):
        assert identical(sent(view), np.ascontiguousarray(view))


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (lying(float, 1.5), 1.5),
        (lying(int, 7), 7),
        (lying(int, 2**200), 2**200),
        (lying(complex, 1.5, 2.5), 1.5 + 2.5j),
        (lying(str, "text"), "text"),
        (lying(list, [1.0, 2.0]), [1.0, 2.0]),
        (lying(tuple, (1.0, 2.0)), (1.0, 2.0)),
        (lying(dict, {"a": 1.0}), {"a": 1.0}),
        (lying(np.float64, 1.5), np.float64(1.5)),
        (
            np.arange(3.0).view(type("Liar", (np.ndarray,), {"__array_ufunc__": _lie})),
            np.arange(3.0),
        ),
        (np.ma.masked_array([1.0, 2.0], [True, False]), np.array([1.0, 2.0])),
        (Lies.SEVEN, 7),
        (Point(1.0, 2.0), (1.0, 2.0)),
    ],
    ids=lambda value: type(value).__mro__[1].__name__,
)
def test_subclasses_arrive_plain(value: object, plain: object) -> None:
    """A subclass arrives as its base, and none of its own operators is ever called."""
    assert identical(sent(value), plain)


def test_object_arrays_of_numbers_arrive_as_numbers() -> None:
    """An object array that holds numbers alone becomes an array of numbers."""
    assert identical(sent(np.array([1.5, 2], dtype=object)), np.array([1.5, 2.0]))
    assert identical(sent(np.array([[1], [2]], dtype=object)), np.array([[1], [2]]))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (len, "a function"),
        (float, "a function"),
        ((_lie(x) for x in [1]), "a generator"),
        (map(abs, [1]), "a map"),
        (range(3), "a range"),
        ({1, 2}, "a set"),
        (b"bytes", "a bytes"),
        (types, "a module"),
        (..., "an ellipsis"),
        (decimal.Decimal(1), "a Decimal"),
        (np.array([1, None]), "an array of objects"),
        (np.array([[1.0], 2.0], dtype=object), "an array of objects"),
        (np.array([2**70]), "an array of objects"),
        (np.array(["a"]), "an array of text"),
        (np.array([1], "M8[s]"), "an array of dates"),
        (np.zeros(1, "i4,f8"), "an array of records"),
        (np.str_("a"), "a NumPy scalar of text"),
        (np.datetime64(1, "s"), "a NumPy scalar of dates"),
        (HUGE + 1, "an integer of more than 4096 bits"),
        ("a" * (MAX_TEXT + 1), "a text of more than 200000 characters"),
        ("\ud800", "a text with characters that are none"),
        ([None] * MAX_ITEMS, "a value of too many parts"),
        ([[HUGE] * 1_000] * 10, "a value of too many parts"),
        ("a" * MAX_TEXT, ""),
        (["\N{SNOWMAN}" * MAX_TEXT] * 6, "a value of too many parts"),
        (np.zeros(MAX_ELEMENTS + 1, bool), "an array of more than 1000000 elements"),
        (np.zeros((0, MAX_ELEMENTS + 1)), "an array of more than 1000000 elements"),
        ([np.zeros(MAX_ELEMENTS, complex)] * 2, "arrays of more than 16000000 bytes"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) and len(value) < 50 else "",
)
def test_what_cannot_travel_is_named(value: object, kind: str) -> None:
    """A value of another kind, or too large, is refused with words that a student understands."""
    if not kind:
        assert sent(value) == value
        return
    with pytest.raises(Unsendable) as refusal:
        Packer().pack(value)
    assert str(refusal.value).startswith(kind)


def test_nesting_has_a_limit() -> None:
    """Sixteen levels travel, a seventeenth does not, and neither does a list in itself."""
    deep: list[Any] = []
    for _ in range(MAX_DEPTH):
        deep = [deep]
    assert sent(deep) == deep
    for too_deep in ([deep], {"key": deep}, (deep,)):
        with pytest.raises(Unsendable, match="nested too deeply"):
            Packer().pack(too_deep)
    deep.append(deep)
    with pytest.raises(Unsendable, match="nested too deeply"):
        Packer().pack(deep)


@pytest.mark.parametrize(
    "largest",
    [
        [np.clongdouble(1 + 1j)] * (MAX_ITEMS - 1),
        [HUGE] * (MAX_ITEMS // 17 - 1),
        "\N{SNOWMAN}" * MAX_TEXT,
        dict.fromkeys(range(MAX_ITEMS // 2 - 1), -1.5j),
        [np.zeros(MAX_ELEMENTS, np.float64)] * 2,
    ],
    ids=["scalars", "integers", "text", "dict", "arrays"],
)
def test_what_is_sent_is_never_too_large_to_be_received(largest: object) -> None:
    """The largest values that may be sent fit into the frames that the grader accepts."""
    assert identical(largest, sent(largest))


def test_a_function_is_packed_for_a_worker_alone() -> None:
    """The grader's functions travel by number and arity; without a place for them none does."""
    functions: list[Callable[..., Any]] = []
    packer = Packer(functions)
    wires = [packer.pack(f) for f in (math.hypot, np.exp, lambda x, y: x + y, _Adder().add)]
    assert functions[0] is math.hypot
    assert wires == [
        WireCallable(0, None),
        WireCallable(1, 1),
        WireCallable(2, 2),
        WireCallable(3, 1),
    ]
    with pytest.raises(MalformedFrame, match="function"):
        unpack_all([WireCallable(0, 1)], bytearray())


class _Adder:
    """Has a method."""

    def add(self, x: float) -> float:
        """Return one more."""
        return x + 1


names = st.sampled_from([*sorted(DTYPES), "O", "U", "M", "V", "", "d8", "<f8", "\0"])
forged_leaves = st.one_of(
    leaves.filter(lambda value: isinstance(value, bool | int | float | str | None)),
    st.builds(WireInteger, st.binary(max_size=40)),
    st.builds(WireComplex, st.floats(), st.floats()),
    st.builds(WireScalar, names, st.binary(max_size=32)),
    st.builds(WireFloat64, st.floats()),
    st.builds(WireArray, names, st.lists(st.one_of(st.integers(-1, 3), st.integers()), max_size=6)),
    st.builds(WireArray, st.just("d"), st.lists(st.just(10**6), max_size=6).map(lambda n: [0, *n])),
    st.builds(WireCallable, st.integers(), st.none()),
)
forged_values = st.recursive(
    forged_leaves,
    lambda inner: st.one_of(
        st.builds(WireList, st.lists(inner, max_size=5)),
        st.builds(WireTuple, st.lists(inner, max_size=5)),
        st.builds(WireDict, st.lists(inner, max_size=5)),
    ),
    max_leaves=15,
)


@given(wires=st.lists(forged_values, max_size=3), buffer=st.binary(max_size=64))
def test_forged_values_are_malformed_or_plain(wires: list[Any], buffer: bytes) -> None:
    """Whatever a worker claims to be a value is one that could be sent back, or malformed."""
    try:
        values = unpack_all(wires, bytearray(buffer))
    except MalformedFrame:
        return
    assert identical(values, sent(values))


@pytest.mark.parametrize(
    ("wire", "buffer", "reason"),
    [
        (WireArray("d", [2]), bytes(8), "larger than the bytes"),
        (WireArray("d", [-1]), b"", "impossible shape"),
        (WireArray("d", [0, 10**6, 10**6, 10**6]), b"", "impossible shape"),
        (WireArray("?", [2**40]), b"", "impossible shape"),
        (WireArray("O", [1]), bytes(8), "'O' does not travel"),
        (WireArray("d", [1]), bytes(9), "left over"),
        (WireFloat64(1.0), bytes(1), "left over"),
        (1.0, bytes(1), "left over"),
        (WireScalar("d", bytes(7)), b"", "wrong number of bytes"),
        (WireDict([1]), b"", "key"),
        (WireDict([WireList([]), 1]), b"", "key"),
        (WireDict([WireTuple([WireArray("d", [0])]), 1]), b"", "key"),
        (WireList([1] * MAX_ITEMS), b"", "too many parts"),
    ],
)
def test_malformed_values_are_refused_with_a_reason(wire: Any, buffer: bytes, reason: str) -> None:  # noqa: ANN401 - a wire value
    """Lengths that do not fit, dtypes that do not travel and impossible keys are named."""
    with pytest.raises(MalformedFrame, match=reason):
        unpack_all([wire], bytearray(buffer))


def test_forged_nesting_has_a_limit() -> None:
    """A value nested more deeply than any that is sent is malformed."""
    wire: Any = None
    for _ in range(MAX_DEPTH + 1):
        wire = WireList([wire])
    with pytest.raises(MalformedFrame, match="nested too deeply"):
        Unpacker(bytearray()).unpack(wire)


def test_room_for_answers_covers_the_largest_parts() -> None:
    """The limit of a frame leaves 40 bytes a part, what the longest kind of part takes."""
    assert MAX_ANSWER_BYTES > 40 * MAX_ITEMS
