"""The `student` object that checks talk to: calls travel to the worker, callables stay here."""

from __future__ import annotations

import itertools
import math
import warnings
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from numgrade.errors import (
    AnswerRefused,
    CourseError,
    MalformedFrame,
    NameMissing,
    NumgradeError,
    StudentRaised,
)
from numgrade.kinds import EXCEPTIONS, OF_ITS_OWN, is_phrase
from numgrade.protocol import (
    Answer,
    Call,
    Evaluate,
    Evaluated,
    EvaluationFailed,
    Missing,
    Raised,
    Read,
    Refused,
    Reply,
    Request,
)
from numgrade.values import Packer, Unsendable, pack_one, unpack_all
from numgrade.wire import MAX_ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numgrade.submission import Submission
    from numgrade.wire import Buffers, WireValue

MAX_KEPT_POINTS = 10_000
MAX_KEPT_NUMBERS = 1_000_000
MAX_EVALUATIONS = 200_000
_MAX_NESTED_CALLS = 16
_WORD_BITS = 64
_MAX_TEXT = 200
_WANT_MORE_THAN_TEXT = (
    BaseExceptionGroup,
    ExceptionGroup,
    UnicodeDecodeError,
    UnicodeEncodeError,
    UnicodeTranslateError,
)


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
            self.room -= 1 if type(value) is float else _size(value)
        if self.room >= 0 and len(self.points) < MAX_KEPT_POINTS:
            self.points.append(point)


class CallRecord(msgspec.Struct, frozen=True):
    """What is known of a call besides its answer.

    `arguments_after` holds each positional argument as the call left it, according to the
    student's process; `evaluations` an entry per callable among the arguments, in their order.
    """

    arguments_after: tuple[Any, ...]
    evaluations: tuple[Evaluations, ...]


class Student:
    """The student's functions, by attribute access; made anew for each check.

    Calls go by position, since students name their parameters freely.

    Parameters
    ----------
    submission : Submission
        Whose worker answers.

    Attributes
    ----------
    last_call : CallRecord
        What is known of the latest call besides its answer.
    """

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._open_calls = 0
        self.last_call = CallRecord((), ())

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return the student's function of that name."""
        if name.startswith("__"):
            raise AttributeError(name)

        def function(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the check likes
            value, self.last_call = self._call(name, args, kwargs)
            return value

        function.__name__ = name
        return function

    def value(self, name: str) -> Any:  # noqa: ANN401 - whatever the notebook holds
        """Return the value of a plain variable of the notebook.

        Raises
        ------
        StudentError
            If there is none, or one that is not plain data.
        """
        request = Read(self._submission.next_id(), name)
        reply, buffer = self._converse(request, [], [], [])
        (value,) = self._decoded([self._answer_of(reply, name).value], buffer)
        return value

    def _call(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Any, CallRecord]:
        """Call a function of the student.

        Raises
        ------
        StudentError
            If there is no answer, for a reason of the student's making.
        CourseError
            If an argument cannot travel: the check is wrong.
        InfrastructureError
            If our own machinery fails.
        """
        callables: list[Callable[..., Any]] = []
        packer = Packer(callables)
        try:
            wires = [packer.pack(arg) for arg in args]
            named = {key: packer.pack(value) for key, value in kwargs.items()}
        except Unsendable as error:
            raise CourseError(f"a check calls {name} with {error}, which cannot travel") from error
        evaluations = [Evaluations() for _ in callables]
        request = Call(self._submission.next_id(), name, wires, named)
        with quiet_evaluation() if callables else nullcontext():
            reply, buffer = self._converse(request, packer.buffers, callables, evaluations)
        answer = self._answer_of(reply, name)
        value, *changed = self._decoded([answer.value, *answer.changed.values()], buffer)
        values_after = dict(zip(answer.changed, changed, strict=True))
        after = tuple(values_after.get(place, arg) for place, arg in enumerate(args))
        return value, CallRecord(after, tuple(evaluations))

    def _converse(
        self,
        request: Call | Read,
        buffers: list[bytes],
        callables: list[Callable[..., Any]],
        evaluations: list[Evaluations],
    ) -> tuple[Reply, bytearray]:
        """Send a request and answer evaluations of f until its reply comes."""

        def answer(asked: Evaluate, buffer: bytearray) -> tuple[Request, Buffers]:
            if not 0 <= asked.index < len(callables):
                raise MalformedFrame("it asked for a function that it was not given")
            point = tuple(unpack_all(asked.args, buffer))
            record = evaluations[asked.index]
            return _reply_of(request.id, callables[asked.index], point, record)

        if self._open_calls >= _MAX_NESTED_CALLS:
            raise StudentRaised("The function calls itself through f too deeply.", "RecursionError")
        self._open_calls += 1
        try:
            return self._submission.converse(request, buffers, answer)
        finally:
            self._open_calls -= 1

    def _decoded(self, wires: list[WireValue], buffer: bytearray) -> list[Any]:
        try:
            return unpack_all(wires, buffer)
        except MalformedFrame as error:
            raise self._submission.break_off(str(error)) from error

    def _answer_of(self, reply: Reply, name: str) -> Answer:
        match reply:
            case Answer():
                return reply
            case Raised():
                known = reply.type_name in EXCEPTIONS
                raise raised(name, reply.type_name if known else "Exception")
            case Refused():
                kind = reply.kind if is_phrase(reply.kind) else OF_ITS_OWN
                raise AnswerRefused(f"{name} gave {kind}, which is not an answer.")
            case Missing():
                raise NameMissing(f"The notebook does not define {name}.")
        raise self._submission.break_off("it answered a call with something else")


@contextmanager
def quiet_evaluation() -> Iterator[None]:
    """Keep hidden functions silent at points where they overflow or divide by zero."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


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
    if len(point) != 1 or type(point[0]) is not float:
        _refuse_huge_integers(point)
        _refuse_huge_products(point)
    record.keep(point)
    return function(*point)


def as_builtin(error: Exception) -> Exception:
    """Return what the student's code gets to see of an exception of f: a builtin one, its text."""
    kinds = (kind for kind in type(error).__mro__ if kind.__module__ == "builtins")
    kind = next(kind for kind in kinds if kind not in _WANT_MORE_THAN_TEXT)
    plain: Exception = kind(str(error)[:_MAX_TEXT])
    return plain


def raised(name: str, type_name: str) -> StudentRaised:
    """Return what a check gets to see of an exception of the student's function: its type."""
    text = f"{name} raised {type_name}."
    if type_name == "NotImplementedError":
        text += " Is it still the unfinished cell?"
    return StudentRaised(text, type_name)


def _reply_of(
    call_id: int, function: Callable[..., Any], point: tuple[Any, ...], record: Evaluations
) -> tuple[Request, Buffers]:
    """Return the message that answers an evaluation: a value, or an exception of f."""
    try:
        wire, buffers = pack_one(evaluate(function, point, record))
    except NumgradeError:
        raise
    except Exception as error:  # noqa: BLE001 - f's exceptions travel back to the student's code
        plain = as_builtin(error)
        return EvaluationFailed(call_id, type(plain).__name__, str(error)[:_MAX_TEXT]), ()
    return Evaluated(call_id, wire), buffers


def _size(value: Any) -> int:  # noqa: ANN401 - whatever travels
    """Return how many numbers a value takes the room of."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return _size(list(value.items()))
    return 1 + sum(map(_size, value)) if isinstance(value, list | tuple) else 1


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
