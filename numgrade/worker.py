"""The worker: a student's process. Runs the notebook's cells, then answers calls.

Student code owns this process and may change anything in it. The grader therefore believes nothing
that it says except an answer, which it checks. What is done here for the student's comfort (a clear
error, a stand-in that behaves like a function) decides no mark.
"""

from __future__ import annotations

import builtins
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from numgrade.codec import pack_all, unpack_all
from numgrade.errors import MalformedFrame
from numgrade.foreseen import Foreseen
from numgrade.kinds import exception_name
from numgrade.protocol import (
    Answer,
    Call,
    CellDone,
    Channel,
    Evaluate,
    Evaluated,
    EvaluationFailed,
    Missing,
    Raised,
    Read,
    Refused,
    Reply,
    Request,
    RunCell,
)
from numgrade.stand_in import CALL_HAS_ENDED, missing_name, stand_in
from numgrade.values import Packer, Unpacker, Unsendable
from numgrade.wire import (
    WireArray,
    WireCallable,
    WireDict,
    WireList,
    WireTuple,
    WireValue,
    WireVector,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numgrade.shell import NotebookShell


class Worker:
    """Answers the grader's requests, one at a time.

    Parameters
    ----------
    channel : Channel
        To the grader.
    shell : NotebookShell
        The namespace in which cells run and functions are looked up.
    """

    def __init__(self, channel: Channel, shell: NotebookShell) -> None:
        self._channel = channel
        self._shell = shell
        self._turn = threading.RLock()
        self._open_calls: list[tuple[int, Foreseen]] = []

    def serve(self) -> None:
        """Answer requests until the grader closes the channel."""
        while True:
            try:
                request, buffer = self._channel.receive_request()
            except ConnectionError:
                return
            self._handle(request, buffer)

    def _handle(self, request: Request, buffer: bytearray) -> None:
        match request:
            case RunCell():
                outputs, count, succeeded = self._shell.run(
                    request.source,
                    render_figures=request.render_figures,
                    budget=request.output_bytes,
                )
                self._channel.send(CellDone(request.id, outputs, count, succeeded))
            case Call():
                self._answer(request, buffer)
            case Read():
                self._read(request)
            case _:
                raise MalformedFrame("a value came for a point that was not asked for")

    def _answer(self, call: Call, buffer: bytearray) -> None:
        function = self._shell.namespace.get(call.name)
        if not callable(function):
            self._channel.send(Missing(call.id))
            return
        unpacker = Unpacker(buffer, lambda wire: self._stand_in(call.id, wire))
        args = [unpacker.unpack(wire) for wire in call.args]
        kwargs = {name: unpacker.unpack(wire) for name, wire in call.kwargs.items()}
        reply, buffers = self._outcome(call, function, args, kwargs, bytes(buffer))
        self._channel.send(reply, buffers)

    def _outcome(
        self,
        call: Call,
        function: Callable[..., Any],
        args: list[Any],
        kwargs: dict[str, Any],
        sent: bytes,
    ) -> tuple[Reply, list[bytes]]:
        foreseen = Foreseen()
        foreseen.learn(call.ahead)
        used = foreseen.take_used
        self._open_calls.append((call.id, foreseen))
        try:
            value = function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001 - whatever student code raises is its result
            return Raised(call.id, exception_name(type(error)), missing_name(error), used()), []
        finally:
            self._open_calls.pop()
        packer = Packer()
        try:
            wire = packer.pack(value)
        except Unsendable as refusal:
            return Refused(call.id, str(refusal), used()), []
        changed = _changed(call.args, args, sent, packer)
        return Answer(call.id, wire, changed, used()), packer.buffers

    def _read(self, request: Read) -> None:
        if request.name not in self._shell.namespace:
            self._channel.send(Missing(request.id))
            return
        packer = Packer()
        try:
            wire = packer.pack(self._shell.namespace[request.name])
        except Unsendable as refusal:
            self._channel.send(Refused(request.id, str(refusal)))
            return
        self._channel.send(Answer(request.id, wire, {}), packer.buffers)

    def _stand_in(self, call_id: int, wire: WireCallable) -> Callable[..., Any]:
        """Return the function that stands for one of the grader's."""
        return stand_in(wire.arity, partial(self._evaluate, call_id, wire.index))

    def _evaluate(self, call_id: int, index: int, point: tuple[Any, ...]) -> Any:  # noqa: ANN401
        """Ask the grader for the value of its function at a point."""
        with self._turn:
            if not self._open_calls or self._open_calls[-1][0] != call_id:
                raise RuntimeError(CALL_HAS_ENDED)
            foreseen = self._open_calls[-1][1]
            known = foreseen.value_at(index, point)
            if known is not None:
                return known
            args, buffers = pack_all(point)
            self._channel.send(Evaluate(call_id, index, args, foreseen.take_used()), buffers)
            while True:
                request, buffer = self._channel.receive_request()
                match request:
                    case Evaluated():
                        foreseen.learn(request.ahead)
                        return unpack_all([request.value], buffer)[0]
                    case EvaluationFailed():
                        raise _builtin_exception(request.type_name)(request.text)
                    case _:  # f itself calls the student again
                        self._handle(request, buffer)


def _changed(
    sent: list[WireValue], args: list[Any], sent_bytes: bytes, packer: Packer
) -> dict[int, WireValue]:
    """Return, by position, the arguments whose value is no longer what was sent."""
    changed: dict[int, WireValue] = {}
    before = Unpacker(bytearray(sent_bytes), lambda _: len)
    for position, (wire, arg) in enumerate(zip(sent, args, strict=True)):
        if not isinstance(wire, WireArray | WireVector | WireList | WireDict | WireTuple):
            continue
        try:
            as_sent = _encoded(before.unpack(wire))
        except Unsendable:
            continue  # a list of functions: they stay with the grader
        try:
            if as_sent != _encoded(arg):
                changed[position] = packer.pack(arg)
        except Unsendable:
            changed[position] = None
    return changed


def _encoded(value: Any) -> tuple[WireValue, list[bytes]]:  # noqa: ANN401
    packer = Packer()
    return packer.pack(value), packer.buffers


def _builtin_exception(name: str) -> type[Exception]:
    kind = getattr(builtins, name, RuntimeError)
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError
