"""The evaluation of hidden functions, in the grader's process, at points of a student's choice."""

from __future__ import annotations

import itertools
import math
import warnings
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from numgrade.codec import pack_one
from numgrade.errors import NumgradeError
from numgrade.protocol import Evaluated, EvaluationFailed
from numgrade.wire import MAX_ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from numgrade.protocol import Ahead, Request
    from numgrade.wire import Buffers

MAX_KEPT_POINTS = 10_000
MAX_KEPT_NUMBERS = 1_000_000
MAX_EVALUATIONS = 200_000
_NUMBERS = frozenset({float, np.float64})
_HARMLESS = _NUMBERS | {np.ndarray}  # alone: no integers of Python, and no two arrays to broadcast
_WORD_BITS = 64
_MAX_TEXT = 200
_SHORT = 1000
"""A list or a text of no more may be an argument beside whole numbers."""
_POWERS = 3
"""A whole number may be raised to this power before a list is multiplied by it."""
_WANT_MORE_THAN_TEXT = (
    BaseExceptionGroup,
    ExceptionGroup,
    UnicodeDecodeError,
    UnicodeEncodeError,
    UnicodeTranslateError,
)
_is_quiet: ContextVar[bool] = ContextVar("is_quiet", default=False)


class Evaluations(msgspec.Struct):
    """The points at which one callable was evaluated: how many, and the first 10,000.

    Fewer are kept if they are large: a million numbers in all.
    """

    count: int = 0
    points: list[tuple[Any, ...]] = msgspec.field(default_factory=list)
    room: int = MAX_KEPT_NUMBERS

    def keep(self, point: tuple[Any, ...]) -> None:
        """Keep a point, if there is still room for it."""
        for value in point:
            self.room -= 1 if type(value) in _NUMBERS else size_of(value)
        if self.room >= 0 and len(self.points) < MAX_KEPT_POINTS:
            self.points.append(point)

    def take(self, points: Sequence[Any]) -> None:
        """Count and keep points of one number or array each."""
        self.count += len(points)
        if type(points[0]) in _NUMBERS and 0 <= len(points) <= self.room:
            self.room -= len(points)
            self.points += zip(points[: MAX_KEPT_POINTS - len(self.points)])
        else:
            for point in points:
                self.keep((point,))

    @property
    def size(self) -> int:
        """About how many numbers the kept points hold."""
        seen = MAX_KEPT_NUMBERS - self.room
        return seen * len(self.points) // self.count if self.count else 0


def quiet_evaluation() -> AbstractContextManager[None]:
    """Keep hidden functions silent at points where they overflow or divide by zero."""
    return nullcontext() if _is_quiet.get() else _quietly()


@contextmanager
def _quietly() -> Iterator[None]:
    token = _is_quiet.set(True)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        _is_quiet.reset(token)


def is_number(point: tuple[Any, ...]) -> bool:
    """Tell the points of most evaluations, for which less care is enough: one number each."""
    return len(point) == 1 and type(point[0]) in _NUMBERS


def evaluate(function: Callable[..., Any], point: tuple[Any, ...], record: Evaluations) -> Any:  # noqa: ANN401
    """Evaluate a hidden function at a point of the student's choice, and note the point.

    Raises
    ------
    Exception
        Whatever the function raises, and RuntimeError or OverflowError beyond our bounds.
    """
    record.count += 1
    if record.count > MAX_EVALUATIONS:
        raise RuntimeError(f"f was evaluated more than {MAX_EVALUATIONS} times")
    if len(point) != 1 or type(point[0]) not in _HARMLESS:
        _refuse_huge_integers(point)
        _refuse_huge_products(point)
        _refuse_huge_repetitions(point)
    record.keep(point)
    return function(*point)


def as_builtin(error: Exception) -> Exception:
    """Return what the student's code gets to see of an exception of f: a builtin one, its text."""
    kinds = (kind for kind in type(error).__mro__ if kind.__module__ == "builtins")
    kind = next(kind for kind in kinds if kind not in _WANT_MORE_THAN_TEXT)
    plain: Exception = kind(str(error)[:_MAX_TEXT])
    return plain


def reply_of(
    call_id: int,
    function: Callable[..., Any],
    point: tuple[Any, ...],
    record: Evaluations,
    beyond: Callable[[tuple[Any, ...], Any], list[Ahead]],
) -> tuple[Request, Buffers]:
    """Return the message that answers an evaluation: a value, or an exception of f."""
    try:
        value = evaluate(function, point, record)
        wire, buffers = pack_one(value)
    except NumgradeError:
        raise
    except Exception as error:  # noqa: BLE001 - f's exceptions travel back to the student's code
        plain = as_builtin(error)
        return EvaluationFailed(call_id, type(plain).__name__, str(error)[:_MAX_TEXT]), ()
    return Evaluated(call_id, wire, beyond(point, value)), buffers


def size_of(value: Any) -> int:  # noqa: ANN401 - whatever travels
    """Return how many numbers a value takes the room of."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return size_of(list(value.items()))
    return 1 + sum(map(size_of, value)) if isinstance(value, list | tuple) else 1


def _refuse_huge_integers(point: tuple[Any, ...]) -> None:
    """Keep integers out with which f could be made to compute for hours: 2**x, say."""
    for value in _leaves(point):
        if isinstance(value, int) and value.bit_length() > _WORD_BITS:
            raise OverflowError("f takes integers of at most 64 bits")


def _refuse_huge_products(point: tuple[Any, ...]) -> None:
    """Keep a row and a column out that are small, and whose product is not."""
    shapes = [leaf.shape for leaf in _leaves(point) if isinstance(leaf, np.ndarray)]
    if len(shapes) < 2:  # noqa: PLR2004 - a product has two factors
        return
    from_the_last = itertools.zip_longest(*map(reversed, shapes), fillvalue=1)
    if math.prod(max(lengths) for lengths in from_the_last) > MAX_ELEMENTS:
        raise OverflowError(f"f takes arrays that broadcast to at most {MAX_ELEMENTS} elements")


def _refuse_huge_repetitions(point: tuple[Any, ...]) -> None:
    """Keep lists and texts out that f would repeat where it means to multiply: [0.0] * n**2.

    Short ones may be arguments beside whole numbers, as in f(t, y); what is longer the limit on the
    grader's memory stops, or this.
    """
    stack: list[Any] = [point]
    while stack:
        value = stack.pop()
        parts = list(value.values()) if isinstance(value, dict) else value
        shortest = _SHORT if value is point else 0
        repeated = [
            len(part)
            for part in parts
            if isinstance(part, list | tuple | str | bytes) and len(part) > shortest
        ]
        factors = [abs(int(part)) for part in parts if isinstance(part, int | np.integer)]
        if repeated and factors and max(repeated) * max(factors) ** _POWERS > MAX_ELEMENTS:
            raise OverflowError("f takes no list or text beside whole numbers that may repeat it")
        stack += [part for part in parts if isinstance(part, list | tuple | dict)]


def _leaves(point: tuple[Any, ...]) -> Iterator[Any]:
    """Yield what a point consists of, inside of its lists and dicts as well."""
    stack: list[Any] = list(point)
    while stack:
        value = stack.pop()
        if isinstance(value, list | tuple):
            stack.extend(value)
        elif isinstance(value, dict):
            stack.extend((*value.keys(), *value.values()))
        else:
            yield value
