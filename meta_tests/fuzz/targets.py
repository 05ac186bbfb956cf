"""What is fuzzed: everything that reads bytes of a student's, or of a student's process.

A target takes bytes and may raise nothing: what its code promises to raise, it catches.
"""

from __future__ import annotations

import socket
import struct
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from numgrade import control
from numgrade.errors import MalformedFrame, UnreadableSubmission
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
from numgrade.student import Evaluations, evaluate, quiet_evaluation
from numgrade.submission import _nbformat
from numgrade.values import Packer, Unpacker, unpack_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from numgrade.protocol import Reply, Request

RELEASE = Path(__file__).parents[2] / "release/calculus/calculus.ipynb"
MAX_BYTES = 50_000
"""Of an input: what a socket takes without a reader."""

_SECONDS = 5.0
_RAW = 255
_master = Master.load(RELEASE)


def reply(data: bytes) -> None:
    """Read what a worker sent, as the grader does: decode, evaluate f, clean outputs."""
    with suppress(MalformedFrame, OSError):
        channel = _channel_with(data)
        while True:
            message, buffer = channel.receive_reply()
            match message:
                case Answer():
                    unpack_all([message.value, *message.changed.values()], buffer)
                case Evaluate():
                    _evaluate(tuple(unpack_all(message.args, buffer)))
                case CellDone():
                    clean([_nbformat(output) for output in message.outputs])


def request(data: bytes) -> None:
    """Read what the grader sent, as a worker does; it believes the grader's lengths."""
    with suppress(MalformedFrame, OSError):
        channel = _channel_with(b"\0" + data)
        while True:
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
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        clean(msgspec.json.decode(data))


TARGETS: dict[str, Callable[[bytes], None]] = {
    "reply": reply,
    "request": request,
    "orders": orders,
    "notebook": notebook,
    "outputs": outputs,
}


def seeds(name: str) -> list[bytes]:
    """Return inputs to begin with."""
    match name:
        case "reply":
            return [_frame(message) for message in _replies()]
        case "request":
            return [msgspec.msgpack.encode(message) for message in _requests()]
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
        if data[:1] == bytes([_RAW]):
            theirs.send(data[1:])
        else:
            arrays = data[0] * 8 if data else 0
            content = data[1:]
            theirs.send(
                struct.pack("<II", max(len(content) - arrays, 0), min(arrays, len(content)))
            )
            theirs.send(content)
    channel = Channel(ours)
    channel.deadline = time.monotonic() + _SECONDS
    return channel


def _evaluate(point: tuple[object, ...]) -> None:
    """Evaluate hidden functions of the usual kinds, whose exceptions travel back."""
    for function in (np.sin, lambda x: x**2 + 3 * x, lambda x: x[0] * x[1], np.sum):
        with suppress(Exception), quiet_evaluation():
            evaluate(function, point, Evaluations())


def _replies() -> list[Reply]:
    packer = Packer()
    value = packer.pack([1, 2.5, 1j, "x", None, True, 2**80, np.float32(1), {"a": (1, [2])}])
    return [
        Answer(1, value, {0: 2.0}),
        Evaluate(1, 0, [1.5]),
        Evaluate(1, 0, [value]),
        CellDone(1, _outputs(), 1, succeeded=True),
        Raised(1, "ValueError"),
        Refused(1, "a generator"),
        Ready(0, ["limits"]),
    ]


def _outputs() -> list[Stream | Display | Traceback]:
    bundle = {"text/html": "<table><td>1</td></table><script>x</script>", "text/plain": "\x1b[1mx"}
    error = Traceback("E", "\x1b[1mno", ["line"])
    return [Stream("stdout", "a\rb\x1b[2J"), Display(bundle, result=True), error]


def _requests() -> list[Request]:
    return [
        RunCell(1, "x = 1", render_figures=False, output_bytes=1000),
        Call(1, "f", [1.0, Packer().pack([2])], {"h": 0.1}),
        Evaluated(1, 2.0),
    ]


def _frame(message: Reply | Request) -> bytes:
    return b"\0" + msgspec.msgpack.encode(message)
