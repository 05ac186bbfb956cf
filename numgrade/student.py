"""The `student` object that checks talk to: calls travel to the worker, callables stay here."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from numgrade.codec import unpack_all
from numgrade.errors import (
    AnswerRefused,
    CourseError,
    MalformedFrame,
    NameMissing,
    StudentError,
    StudentRaised,
)
from numgrade.evaluation import Evaluations, quiet_evaluation, reply_of, size_of
from numgrade.kinds import EXCEPTIONS, OF_ITS_OWN, is_phrase
from numgrade.lookahead import LookAhead
from numgrade.protocol import (
    Answer,
    Call,
    Evaluate,
    Missing,
    Raised,
    Read,
    Refused,
    Reply,
    Request,
)
from numgrade.recording import Failure, RecordedCall, Recording, Sent
from numgrade.values import Packer, Unsendable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numgrade.submission import Submission
    from numgrade.wire import Buffers, WireValue

_MAX_NESTED_CALLS = 16
_REMOVED_FROM_NUMPY = {
    "trapz": "np.trapezoid",
    "in1d": "np.isin",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "alltrue": "np.all",
    "sometrue": "np.any",
    "round_": "np.round",
    "float": "float",
    "int": "int",
    "complex": "complex",
    "object": "object",
    "float_": "np.float64",
    "Inf": "np.inf",
    "infty": "np.inf",
    "NaN": "np.nan",
}
"""What became of names that books and old answers still use."""


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
            reply, buffer = self._converse(request, [], [], [], LookAhead((), (), (), {}))
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
        ahead = LookAhead(args, sent.callables, evaluations, self._submission.habits_of(name))
        self.recording.is_complete &= not self._open_calls  # a call from within f is no input
        with recorded(self.recording, name, sent, evaluations) as known:
            with quiet_evaluation() if sent.callables else nullcontext():
                request = Call(
                    self._submission.next_id(), name, sent.args, sent.kwargs, ahead.opening()
                )
                reply, buffer = self._converse(
                    request, sent.buffers, sent.callables, evaluations, ahead
                )
            ahead.close()
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
        ahead: LookAhead,
    ) -> tuple[Reply, bytearray]:
        """Send a request and answer evaluations of f until its reply comes."""

        def answer(asked: Evaluate, buffer: bytearray) -> tuple[Request, Buffers]:
            if not 0 <= asked.index < len(callables):
                raise MalformedFrame("it asked for a function that it was not given")
            ahead.take_used(asked.used)
            point = tuple(unpack_all(asked.args, buffer))
            beyond = partial(ahead.beyond, asked.index)
            function, record = callables[asked.index], evaluations[asked.index]
            return reply_of(request.id, function, point, record, beyond)

        if self._open_calls >= _MAX_NESTED_CALLS:
            raise StudentRaised("The function calls itself through f too deeply.", "RecursionError")
        self._open_calls += 1
        try:
            reply, buffer = self._submission.converse(request, buffers, answer)
            if isinstance(reply, Answer | Raised | Refused):
                ahead.take_used(reply.used)
        except MalformedFrame as error:
            raise self._submission.break_off(str(error)) from error
        finally:
            self._open_calls -= 1
        return reply, buffer

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
                raise raised(name, reply.type_name if known else "Exception", reply.missing)
            case Refused():
                kind = reply.kind if is_phrase(reply.kind) else OF_ITS_OWN
                raise AnswerRefused(f"{name} gave {kind}, which is not an answer.")
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
        size = sum(record.size for record in evaluations) + size_of(known.value)
        size += sum(map(len, sent.buffers)) // 8 if sent else 0
        call = RecordedCall(name, sent, outcome, known.after, counts, points)
        recording.keep(call, size)


def raised(name: str, type_name: str, missing: str = "") -> StudentRaised:
    """Return what a check gets to see of an exception of the student's function: its type."""
    text = f"{name} raised {type_name}."
    if type_name == "NotImplementedError":
        text += " Is it still the unfinished cell?"
    elif type_name == "AttributeError" and missing in _REMOVED_FROM_NUMPY:
        text += f" NumPy has no {missing} any more: write {_REMOVED_FROM_NUMPY[missing]} for it."
    return StudentRaised(text, type_name, missing)
