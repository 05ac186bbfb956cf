"""What is fuzzed: everything that reads bytes of a student's, or of a student's process.

A target takes bytes and may raise nothing: what its code promises to raise, it catches.
"""

from __future__ import annotations

import socket
import struct
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import numpy as np

from meta_tests.fuzz.bounds import Bounds
from meta_tests.fuzz.conversation import SECONDS, ScriptedSandbox, framed, submission_with
from numgrade import control
from numgrade.codec import unpack_all
from numgrade.errors import MalformedFrame, StudentError, UnreadableSubmission
from numgrade.evaluation import Evaluations, evaluate, quiet_evaluation
from numgrade.master import Master
from numgrade.notebook import read_notebook
from numgrade.outputs import clean
from numgrade.protocol import (
    Answer,
    Call,
    CellDone,
    Channel,
    Display,
    Evaluate,
    Evaluated,
    Raised,
    Ready,
    Refused,
    RunCell,
    Stream,
    Traceback,
)
from numgrade.repair import repair
from numgrade.student import Student
from numgrade.submission import _nbformat
from numgrade.values import Packer, Unpacker

if TYPE_CHECKING:
    from collections.abc import Callable

    from numgrade.protocol import Reply, Request
    from numgrade.wire import Buffers, WireValue

    _Sent: TypeAlias = tuple[Reply | Request] | tuple[Reply | Request, Buffers]

RELEASE = Path(__file__).parents[2] / "release/calculus/calculus.ipynb"
MAX_BYTES = 50_000
"""Of an input: what a socket takes without a reader."""

_RAW = b"\xff"
_LENGTH = struct.Struct("<H")
_master = Master.load(RELEASE)

BOUNDS = Bounds(seconds=2, megabytes=64)
"""Four times the memory that all arrays of a message may hold."""

_FUNCTIONS = [
    BOUNDS.watching(function)
    for function in (np.sin, lambda x: x**2 + 3 * x, lambda x: x[0] * x[1], np.sum)
]


def reply(data: bytes) -> None:
    """Read what a worker sent, as the grader does: decode, evaluate f, clean outputs."""
    with closing(_channel_with(data)) as channel:
        try:
            message, buffer = channel.receive_reply()
        except (MalformedFrame, OSError):
            return
    match message:
        case Answer():
            _unpacked([message.value, *message.changed.values()], buffer)
        case Evaluate():
            _evaluate(tuple(_unpacked(message.args, buffer)))
        case CellDone():
            clean([_nbformat(output) for output in message.outputs])


def conversation(data: bytes) -> None:
    """Call a student's function whose worker answers with anything, frame after frame."""
    submission = submission_with(ScriptedSandbox(_script(data)))
    with closing(submission), suppress(StudentError):
        Student(submission).f(*_FUNCTIONS, [1.0, 2], np.arange(3.0))


def request(data: bytes) -> None:
    """Read what the grader sent, as a worker does; it believes the grader's lengths."""
    with closing(_channel_with(b"\0" + data)) as channel, suppress(MalformedFrame, OSError):
        message, buffer = channel.receive_request()
        unpacker = Unpacker(buffer, lambda _: len)
        if isinstance(message, Call):
            _ = [unpacker.unpack(wire) for wire in message.args]


def orders(data: bytes) -> None:
    """Read what grader and zygote say to each other."""
    for decoder in (control.order_decoder, control.report_decoder):
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            decoder.decode(data)


def notebook(data: bytes) -> None:
    """Read and repair what a student handed in."""
    with suppress(UnreadableSubmission):
        repaired = repair(read_notebook(data), _master)
        repaired.runnable(skip_show_only=True, render_all_figures=False)


def outputs(data: bytes) -> None:
    """Clean the outputs of a cell."""
    try:
        decoded = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return
    clean(decoded)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reply": reply,
    "conversation": conversation,
    "request": request,
    "orders": orders,
    "notebook": notebook,
    "outputs": outputs,
}


def seeds(name: str) -> list[bytes]:
    """Return inputs to begin with."""
    match name:
        case "reply":
            return [b"\0" + _parts(*each) for each in _replies()]
        case "conversation":
            asked: _Sent = (Evaluate(1, 0, [1.5]),)
            often = [asked, asked, (Answer(1, 2.0, {4: 1.0}),)]
            return [_as_script([each]) for each in _replies()] + [_as_script(often)]
        case "request":
            return [_parts(*each) for each in _requests()]
        case "orders":
            every = (control.Spawn("/scratch", 2**30), control.Reap(2), control.Spawned(2))
            return [control.encoder.encode(each) for each in (*every, control.Reaped(9, 0.1))]
        case "notebook":
            return [RELEASE.read_bytes(), b'{"cells": [], "nbformat": 4, "metadata": {}}']
    return [msgspec.json.encode([_nbformat(output) for output in _outputs()])]


def _channel_with(data: bytes) -> Channel:
    """Return a channel on which bytes wait: raw ones, or a body and arrays with a fitting header.

    A fuzzer would hardly ever guess a header whose lengths are right.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.send(data[1:] if data[:1] == _RAW else _fitting(data[1:]))
    channel = Channel(ours)
    channel.deadline = time.monotonic() + SECONDS
    return channel


def _fitting(data: bytes) -> bytes:
    """Return a frame: two bytes say how many others, at the end, belong to arrays."""
    (arrays,) = _LENGTH.unpack(data[:2].ljust(2, b"\0"))
    content = data[2:]
    body = max(len(content) - arrays, 0)
    return framed(content[:body], content[body:])


def _unpacked(wires: list[WireValue], buffer: bytearray) -> list[object]:
    try:
        return unpack_all(wires, buffer)
    except MalformedFrame:
        return []


def _evaluate(point: tuple[object, ...]) -> None:
    """Evaluate hidden functions of the usual kinds, whose exceptions travel back."""
    for function in _FUNCTIONS:
        with suppress(Exception), quiet_evaluation():
            evaluate(function, point, Evaluations())


def _script(data: bytes) -> list[bytes]:
    """Return the frames of a script: before each, two bytes say how long it is."""
    frames = []
    while data:
        (length,) = _LENGTH.unpack(data[:2].ljust(2, b"\0"))
        frames.append(_fitting(data[2 : 2 + length]))
        data = data[2 + length :]
    return frames


def _as_script(messages: list[_Sent]) -> bytes:
    parts = [_parts(*each) for each in messages]
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def _parts(message: Reply | Request, arrays: Buffers = ()) -> bytes:
    behind = b"".join(arrays)
    return _LENGTH.pack(len(behind)) + msgspec.msgpack.encode(message) + behind


def _replies() -> list[_Sent]:
    packer, many, outer = Packer(), Packer(), Packer()
    value = packer.pack([1, 2.5, 1j, "x", None, True, 2**80, np.float32(1), {"a": (1, [2])}])
    arrays = many.pack([np.arange(3.0), np.zeros((2, 2), "D"), np.float64(1), np.zeros((0, 3))])
    # Each is small, their product takes 144 MB: what f must not be asked to compute.
    factors = outer.pack([np.ones((12_000, 1), "b"), np.ones((1, 12_000), "b")])
    return [
        (Answer(1, value, {0: 2.0}),),
        (Answer(1, arrays, {}), many.buffers),
        (Evaluate(1, 0, [1.5]),),
        (Evaluate(1, 0, [value]),),
        (Evaluate(1, 2, [factors]), outer.buffers),
        (CellDone(1, _outputs(), 1, succeeded=True),),
        (Raised(1, "ValueError"),),
        (Refused(1, "a generator"),),
        (Ready(0, ["limits"]),),
    ]


def _outputs() -> list[Stream | Display | Traceback]:
    bundle = {"text/html": "<table><td>1</td></table><script>x</script>", "text/plain": "\x1b[1mx"}
    error = Traceback("E", "\x1b[1mno", ["line"])
    return [Stream("stdout", "a\rb\x1b[2J"), Display(bundle, result=True), error]


def _requests() -> list[_Sent]:
    packer = Packer([])
    args = [packer.pack(arg) for arg in (1.0, [2], len, np.arange(3.0))]
    return [
        (RunCell(1, "x = 1", render_figures=False, output_bytes=1000),),
        (Call(1, "f", args, {"h": 0.1}), packer.buffers),
        (Evaluated(1, 2.0),),
    ]
