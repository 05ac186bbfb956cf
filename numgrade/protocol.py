"""The wire between grader and worker: typed, bounded messages, and nothing that can run.

A frame is a header (two lengths), a MessagePack structure, and the raw bytes of its arrays. Both
lengths are checked before anything is allocated, so a forged header costs nothing. The structure
is decoded into the messages below and no others.
"""

from __future__ import annotations

import math
import struct
import time
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec

from numgrade.errors import MalformedFrame
from numgrade.values import MAX_ELEMENTS, Name, Text, Wire, WireValue

if TYPE_CHECKING:
    import socket

MAX_ANSWER_BYTES = 2**20
MAX_CELL_BYTES = 2**23
MAX_ARRAY_BYTES = 16 * MAX_ELEMENTS

_HEADER = struct.Struct("<II")


class _Message(msgspec.Struct, array_like=True, frozen=True):
    """Base of the messages. `id` names the request that a message belongs to."""

    id: int


class RunCell(_Message, array_like=True, frozen=True, tag="run"):
    """Grader: run one notebook cell."""

    source: str
    render_figures: bool
    output_bytes: int


class Call(_Message, array_like=True, frozen=True, tag="call"):
    """Grader: call a function of the student."""

    name: Name
    args: list[WireValue]
    kwargs: dict[Name, WireValue]


class Read(_Message, array_like=True, frozen=True, tag="read"):
    """Grader: send the value of a plain variable."""

    name: Name


class Evaluated(_Message, array_like=True, frozen=True, tag="evaluated"):
    """Grader: the value of f at the point that was asked for."""

    value: WireValue


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
    """Worker: what the function returned, and the arguments that it changed, by position."""

    value: WireValue
    changed: dict[int, WireValue]


class Raised(_Message, array_like=True, frozen=True, tag="raised"):
    """Worker: the function raised. Only the type travels: its text can carry hidden inputs."""

    type_name: Name


class Refused(_Message, array_like=True, frozen=True, tag="refused"):
    """Worker: the function returned something that cannot be an answer."""

    kind: Name


class Missing(_Message, array_like=True, frozen=True, tag="missing"):
    """Worker: the notebook defines no such name."""


class Evaluate(_Message, array_like=True, frozen=True, tag="evaluate"):
    """Worker: evaluate a function of the grader at a point of the student's choice."""

    index: int
    args: list[WireValue]


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
        A connected stream socket. The channel owns it.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._pending = bytearray()
        self.deadline = math.inf
        """Time of `time.monotonic` after which sending and receiving raise TimeoutError."""

    def send(self, message: Request | Reply, buffers: list[bytes] | tuple[()] = ()) -> None:
        """Send one frame.

        Raises
        ------
        TimeoutError
            When the deadline passes first.
        OSError
            If the other end is gone.
        """
        body = _encoder.encode(message)
        size = sum(map(len, buffers))
        self._set_timeout()
        self._sock.sendall(b"".join((_HEADER.pack(len(body), size), body, *buffers)))

    def receive_request(self) -> tuple[Request, bytearray]:
        """Receive what the grader sent (the worker's side)."""
        body, buffer = self._frame(2**31, 2**31)
        return _decode(_request_decoder, body), buffer

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
        body, buffer = self._frame(max_bytes, MAX_ARRAY_BYTES)
        if self._pending:
            raise MalformedFrame("a message came unasked")
        return _decode(_reply_decoder, body), buffer

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def _frame(self, max_structure: int, max_buffer: int) -> tuple[bytes, bytearray]:
        structure, size = _HEADER.unpack(self._take(_HEADER.size))
        if structure > max_structure or size > max_buffer:
            raise MalformedFrame(f"a frame of {structure} + {size} bytes is too large")
        body = bytes(self._take(structure))
        return body, self._take(size)

    def _take(self, size: int) -> bytearray:
        while len(self._pending) < size:
            self._set_timeout()
            chunk = self._sock.recv(max(65_536, min(size - len(self._pending), 2**20)))
            if not chunk:
                raise ConnectionResetError("the other end is gone")
            self._pending += chunk
        taken = self._pending[:size]
        del self._pending[:size]
        return taken

    def _set_timeout(self) -> None:
        if self.deadline == math.inf:
            return
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the time is over")
        self._sock.settimeout(remaining)


def _decode(decoder: msgspec.msgpack.Decoder[Any], body: bytes) -> Any:  # noqa: ANN401
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise MalformedFrame(f"a frame holds no message: {error}") from error
