"""The `student` object that checks talk to: calls travel to the worker, callables stay here."""

from __future__ import annotations

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
    StudentError,
    StudentRaised,
)
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
from numgrade.recording import Failure, RecordedCall, Recording, Sent
from numgrade.values import Packer, Unsendable, pack_one, unpack_all

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
_REMOVED_FROM_NUMPY = {
    "trapz": "np.trapezoid",
    "in1d": "np.isin",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "float": "float",
    "int": "int",
    "bool": "bool",
    "object": "object",
    "float_": "np.float64",
    "Inf": "np.inf",
}
"""What became of names that books and old answers still use."""


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

    @property
    def size(self) -> int:
        """About how many numbers the kept points hold."""
        seen = MAX_KEPT_NUMBERS - self.room
        return seen * len(self.points) // self.count if self.count else 0


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
    recording : Recording
        All calls of the check.
    """

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        self._open_calls = 0
        self.recording = Recording()
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
        with recorded(self.recording, name, None, []) as known:
            request = Read(self._submission.next_id(), name)
            reply, buffer = self._converse(request, [], [], [])
            (known.value,) = self._decoded([self._answer_of(reply, name).value], buffer)
        return known.value

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
        sent = pack_call(name, args, kwargs)
        evaluations = [Evaluations() for _ in sent.callables]
        request = Call(self._submission.next_id(), name, sent.args, sent.kwargs)
        self.recording.is_complete &= not self._open_calls  # a call from within f is no input
        with recorded(self.recording, name, sent, evaluations) as known:
            with quiet_evaluation() if sent.callables else nullcontext():
                reply, buffer = self._converse(request, sent.buffers, sent.callables, evaluations)
            answer = self._answer_of(reply, name)
            known.value, *changed = self._decoded([answer.value, *answer.changed.values()], buffer)
            known.after = dict(zip(answer.changed, changed, strict=True))
        after = tuple(known.after.get(place, arg) for place, arg in enumerate(args))
        return known.value, CallRecord(after, tuple(evaluations))

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
                raise raised(name, reply.type_name, reply.missing)
            case Refused():
                raise AnswerRefused(f"{name} gave {reply.kind}, which is not an answer.")
            case Missing():
                raise NameMissing(f"The notebook does not define {name}.")
        raise self._submission.break_off("it answered a call with something else")


def pack_call(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Sent:
    """Return the arguments of a call as they travel.

    Raises
    ------
    CourseError
        If one of them cannot.
    """
    callables: list[Callable[..., Any]] = []
    packer = Packer(callables)
    try:
        wires = [packer.pack(arg) for arg in args]
        named = {key: packer.pack(value) for key, value in kwargs.items()}
    except Unsendable as error:
        raise CourseError(f"a check calls {name} with {error}, which cannot travel") from error
    return Sent(wires, named, packer.buffers, callables)


class Known(msgspec.Struct):
    """What becomes known of a call while it is recorded: its answer, the changed arguments."""

    value: Any = None
    after: dict[int, Any] = msgspec.field(default_factory=dict)


@contextmanager
def recorded(
    recording: Recording, name: str, sent: Sent | None, evaluations: list[Evaluations]
) -> Iterator[Known]:
    """Record what comes of a call, be it an answer or none.

    Raises
    ------
    RuntimeError
        If the check has ended: f, evaluated again for a diagnosis, is about to call the student.
    """
    if recording.is_over:
        raise RuntimeError("the check has ended")
    known = Known()
    outcome: Any = None
    try:
        yield known
        outcome = known.value
    except StudentError as error:
        outcome = Failure.of(error)
        raise
    finally:
        counts = tuple(record.count for record in evaluations)
        points = tuple(record.points for record in evaluations)
        size = sum(record.size for record in evaluations) + _size(known.value)
        size += sum(map(len, sent.buffers)) // 8 if sent else 0
        call = RecordedCall(name, sent, outcome, known.after, counts, points)
        recording.keep(call, size)


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
    record.keep(point)
    return function(*point)


def as_builtin(error: Exception) -> Exception:
    """Return what the student's code gets to see of an exception of f: a builtin one, its text."""
    kinds = (kind for kind in type(error).__mro__ if kind.__module__ == "builtins")
    kind = next(kind for kind in kinds if kind not in _WANT_MORE_THAN_TEXT)
    plain: Exception = kind(str(error)[:_MAX_TEXT])
    return plain


def raised(name: str, type_name: str, missing: str = "") -> StudentRaised:
    """Return what a check gets to see of an exception of the student's function: its type."""
    text = f"{name} raised {type_name}."
    if type_name == "NotImplementedError":
        text += " Is it still the unfinished cell?"
    elif type_name == "AttributeError" and missing in _REMOVED_FROM_NUMPY:
        text += f" NumPy has no {missing} any more: write {_REMOVED_FROM_NUMPY[missing]} for it."
    return StudentRaised(text, type_name, missing)


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
    stack = list(point)
    while stack:
        value = stack.pop()
        if isinstance(value, int) and value.bit_length() > _WORD_BITS:
            raise OverflowError("f takes integers of at most 64 bits")
        if isinstance(value, list | tuple):
            stack.extend(value)
