"""The wire between grader and worker: typed, bounded messages, and nothing that can run.

A frame is a header (two lengths), a MessagePack structure, and the raw bytes of its arrays. Both
lengths are checked before anything is allocated, so a forged header costs nothing. The structure
is decoded into the messages below and no others.
"""

from __future__ import annotations

import math
import socket
import struct
import time
from typing import Annotated, Any, TypeAlias

import msgspec

from numgrade.errors import MalformedFrame
from numgrade.wire import MAX_ARRAY_BYTES, Buffers, Form, Name, Text, Wire, WireValue

MAX_ANSWER_BYTES = 2**22
"""Room for whatever `Packer` lets through: 100,000 parts of 40 bytes."""

MAX_CELL_BYTES = 2**23

_HEADER = struct.Struct("<II")
_WINDOW = 65_536
"""Bytes of a frame that are received without allocating anything; nearly all frames fit."""

_NEVER_BLOCKS = 4096
"""Bytes that the socket takes at once, since the other end has read all that came before."""

_UNLIMITED = 2**32
MAX_USED = 4096
"""Values ahead that one message may report as used."""

_Used = Annotated[bytes, msgspec.Meta(max_length=4 * MAX_USED)]
_TOLERABLE_LATENESS = 0.2


class _Message(msgspec.Struct, array_like=True, frozen=True):
    """Base of the messages. `id` names the request that a message belongs to."""

    id: int


class RunCell(_Message, array_like=True, frozen=True, tag="run"):
    """Grader: run one notebook cell."""

    source: str
    render_figures: bool
    output_bytes: int


class Ahead(Wire, array_like=True, frozen=True):
    """Grader: points that were not asked for yet, each with its value: see `numgrade.lookahead`.

    Attributes
    ----------
    index : int
        Which of the call's functions was evaluated.
    point, value : tuple of str and int
        The form of each point, and of each value.
    bits : bytes
        Points and values, in turn.
    """

    index: int
    point: Form
    value: Form
    bits: bytes


class Call(_Message, array_like=True, frozen=True, tag="call"):
    """Grader: call a function of the student."""

    name: Name
    args: list[WireValue]
    kwargs: dict[Name, WireValue]
    ahead: list[Ahead] = []


class Read(_Message, array_like=True, frozen=True, tag="read"):
    """Grader: send the value of a plain variable."""

    name: Name


class Evaluated(_Message, array_like=True, frozen=True, tag="evaluated"):
    """Grader: the value of f at the point that was asked for."""

    value: WireValue
    ahead: list[Ahead] = []


class EvaluationFailed(_Message, array_like=True, frozen=True, tag="raise"):
    """Grader: f raised at that point; `type_name` is a builtin exception."""

    type_name: Name
    text: Text


class Ready(_Message, array_like=True, frozen=True, tag="ready"):
    """Worker: confined, before any code of the student has run; names the layers that hold."""

    layers: list[Name]


class Failed(_Message, array_like=True, frozen=True, tag="fault"):
    """Worker: could not be confined, so it ran nothing."""

    text: Text


class Stream(Wire, array_like=True, frozen=True, tag="stream"):
    """Output: text printed to stdout or stderr."""

    name: Name
    text: str


class Display(Wire, array_like=True, frozen=True, tag="display"):
    """Output: a rich value by MIME type; `result` if it is the value of the cell."""

    data: dict[Name, str]
    result: bool


class Traceback(Wire, array_like=True, frozen=True, tag="error"):
    """Output: an exception as IPython shows it."""

    ename: str
    evalue: str
    traceback: list[str]


class CellDone(_Message, array_like=True, frozen=True, tag="done"):
    """Worker: a cell has run; `succeeded` is False where it raised."""

    outputs: Annotated[list[Stream | Display | Traceback], msgspec.Meta(max_length=1000)]
    execution_count: int | None
    succeeded: bool


class Answer(_Message, array_like=True, frozen=True, tag="answer"):
    """Worker: what the function returned, and the arguments that it changed, by position.

    `used`, in all messages that have it, are the numbers of the values ahead that were used.
    """

    value: WireValue
    changed: dict[int, WireValue]
    used: _Used = b""


class Raised(_Message, array_like=True, frozen=True, tag="raised"):
    """Worker: the function raised. Only the type travels: its text can carry hidden inputs.

    `missing` is the name or attribute that was not there, where that was it: student code can put
    anything there, so nobody gets to see it but as one of a few known names.
    """

    type_name: Name
    missing: Name = ""
    used: _Used = b""


class Refused(_Message, array_like=True, frozen=True, tag="refused"):
    """Worker: the function returned something that cannot be an answer."""

    kind: Name
    used: _Used = b""


class Missing(_Message, array_like=True, frozen=True, tag="missing"):
    """Worker: the notebook defines no such name."""


class Evaluate(_Message, array_like=True, frozen=True, tag="evaluate"):
    """Worker: evaluate a function of the grader at a point of the student's choice."""

    index: int
    args: list[WireValue]
    used: _Used = b""


Request: TypeAlias = RunCell | Call | Read | Evaluated | EvaluationFailed
Reply: TypeAlias = Ready | Failed | CellDone | Answer | Raised | Refused | Missing | Evaluate

_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Request)
_reply_decoder = msgspec.msgpack.Decoder(Reply)


class Channel:
    """One end of a socket that carries frames, in lockstep: no frame comes unasked.

    Parameters
    ----------
    sock : socket.socket
        A connected, blocking stream socket. The channel owns it.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._window = memoryview(bytearray(_WINDOW))
        self._armed = 0.0
        self.deadline = math.inf
        """Time of `time.monotonic` after which sending and receiving raise TimeoutError."""

    def send(self, message: Request | Reply, buffers: Buffers = ()) -> None:
        """Send one frame.

        Raises
        ------
        TimeoutError
            When the deadline passes first.
        OSError
            If the other end is gone.
        """
        body = _encoder.encode(message)
        if not buffers:
            frame = _HEADER.pack(len(body), 0) + body
        else:
            size = sum(map(len, buffers))
            frame = b"".join((_HEADER.pack(len(body), size), body, *buffers))
        if len(frame) > _NEVER_BLOCKS:
            self._arm()
        try:
            sent = self._sock.send(frame)
            while sent < len(frame):
                self._arm()
                sent += self._sock.send(memoryview(frame)[sent:])
        except BlockingIOError:
            raise TimeoutError("the time is over") from None

    def receive_request(self) -> tuple[Request, bytearray]:
        """Receive what the grader sent (the worker's side)."""
        return self._receive(_request_decoder, _UNLIMITED, _UNLIMITED)

    def receive_reply(self, max_bytes: int = MAX_ANSWER_BYTES) -> tuple[Reply, bytearray]:
        """Receive what the worker sent (the grader's side).

        Raises
        ------
        MalformedFrame
            If it is not a frame of at most `max_bytes`, holds no message, or more follows it.
        TimeoutError
            When the deadline passes, however slowly bytes drip.
        ConnectionError
            If the worker is gone.
        """
        return self._receive(_reply_decoder, max_bytes, MAX_ARRAY_BYTES)

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def _receive(
        self, decoder: msgspec.msgpack.Decoder[Any], max_structure: int, max_buffer: int
    ) -> tuple[Any, bytearray]:
        frame = self._window
        filled = self._read(frame)
        while filled < _HEADER.size:
            filled += self._read(frame[filled:])
        structure, size = _HEADER.unpack_from(frame)
        if structure > max_structure or size > max_buffer:
            raise MalformedFrame(f"a frame of {structure} + {size} bytes is too large")
        arrays = _HEADER.size + structure
        end = arrays + size
        if filled > end:
            raise MalformedFrame("a message came unasked")
        if end > _WINDOW:
            frame = memoryview(bytearray(end))
            frame[:filled] = self._window[:filled]
        while filled < end:
            filled += self._read(frame[filled:end])
        message = _decode(decoder, frame[_HEADER.size : arrays])
        return message, bytearray(frame[arrays:end]) if size else bytearray()

    def _read(self, into: memoryview) -> int:
        self._arm()
        try:
            count = self._sock.recv_into(into)
        except BlockingIOError:
            raise TimeoutError("the time is over") from None
        if not count:
            raise ConnectionResetError("the other end is gone")
        return count

    def _arm(self) -> None:
        """Have the kernel end the next send or receive at the deadline.

        Setting a socket's time-out costs a system call, so one that is a little late will do: the
        clock is looked at before each call, and a call can be late once.
        """
        if self.deadline == math.inf:
            return
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the time is over")
        if remaining <= self._armed <= remaining + _TOLERABLE_LATENESS:
            return
        self._armed = remaining + _TOLERABLE_LATENESS / 2
        seconds = int(self._armed)
        interval = struct.pack("ll", seconds, int((self._armed - seconds) * 1e6))
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self._sock.setsockopt(socket.SOL_SOCKET, option, interval)


def _decode(decoder: msgspec.msgpack.Decoder[Any], body: memoryview) -> Any:  # noqa: ANN401
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedFrame(f"a frame holds no message: {error}") from error
