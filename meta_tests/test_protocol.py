"""The wire is bounded and typed: hostile bytes cost a worker its life, and nobody else anything."""

from __future__ import annotations

import socket
import struct
import threading
import time
import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numgrade import protocol
from numgrade.codec import pack_all, unpack_all
from numgrade.errors import MalformedFrame
from numgrade.protocol import (
    MAX_ANSWER_BYTES,
    MAX_CELL_BYTES,
    Answer,
    Call,
    CellDone,
    Channel,
    Display,
    Evaluate,
    Evaluated,
    EvaluationFailed,
    Failed,
    Missing,
    Raised,
    Read,
    Ready,
    Refused,
    RunCell,
    Stream,
    Traceback,
)
from numgrade.wire import MAX_ARRAY_BYTES, Buffers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numgrade.protocol import Reply, Request

pytest_plugins = ["meta_tests.spine"]

HEADER = struct.Struct("<II")
VALUES = [
    *(None, True, 7, -(2**100), 1.5, float("nan"), 1j, "text", np.float32(1.5), np.float64(2.5)),
    *([1.0, [2.0]], (1, ()), {"key": 1.0, 2: "two"}, np.arange(3.0), np.zeros((2, 0, 3), "c16")),
]
WIRES, BUFFERS = pack_all(VALUES)
REPLIES: list[Reply] = [
    Ready(0, ["limits", "landlock"]),
    Failed(0, "no namespaces"),
    CellDone(
        3,
        [
            Stream("stdout", "text"),
            Display({"text/plain": "1.5"}, True),  # noqa: FBT003 - the result of a cell
            Traceback("ValueError", "no", ["Traceback", "ValueError: no"]),
        ],
        7,
        False,  # noqa: FBT003 - it raised
    ),
    Answer(4, WIRES[11], {0: WIRES[13], 2: None}),
    Raised(5, "ValueError"),
    Refused(6, "a generator"),
    Missing(7),
    Evaluate(8, 0, WIRES),
]
REQUESTS: list[Request] = [
    RunCell(1, "x = 1", False, 1000),  # noqa: FBT003 - no figures
    Call(2, "derivative", WIRES, {"h": 1e-5}),
    Read(3, "quiz_answer"),
    Evaluated(4, WIRES[10]),
    EvaluationFailed(5, "ValueError", "text"),
]


@contextmanager
def wire(seconds: float = 5.0) -> Iterator[tuple[Channel, socket.socket]]:
    """Make a channel with a deadline, and the bare socket at its other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = Channel(ours)
        channel.deadline = time.monotonic() + seconds
        yield channel, theirs


def frame_of(message: Any, buffers: list[bytes] | tuple[()] = ()) -> bytes:  # noqa: ANN401 - any message
    """Return the bytes of a frame."""
    with wire() as (channel, other):
        channel.send(message, buffers)
        return other.recv(2**20)


def receive(data: bytes, kind: str = "receive_reply") -> Any:  # noqa: ANN401 - message and buffer
    """Return what a channel makes of bytes after which the other end hangs up."""
    with wire() as (channel, other):
        other.sendall(data)
        other.shutdown(socket.SHUT_WR)
        return getattr(channel, kind)()


REPLY_FRAMES = [frame_of(reply, BUFFERS) for reply in REPLIES]
REQUEST_FRAMES = [frame_of(request, BUFFERS) for request in REQUESTS]


@pytest.mark.parametrize("message", REPLIES, ids=lambda message: type(message).__name__)
def test_replies_arrive_as_they_were_sent(message: Reply) -> None:
    """What a worker says is what the grader hears, with the bytes of its arrays."""
    received, buffer = receive(frame_of(message, BUFFERS))
    assert repr(received) == repr(message)
    assert buffer == b"".join(BUFFERS)


@pytest.mark.parametrize("message", REQUESTS, ids=lambda message: type(message).__name__)
def test_requests_arrive_as_they_were_sent(message: Request) -> None:
    """What the grader asks is what the worker hears, with the bytes of its arrays."""
    received, buffer = receive(frame_of(message, BUFFERS), "receive_request")
    assert repr(received) == repr(message)
    assert buffer == b"".join(BUFFERS)


@pytest.mark.parametrize("frame", REQUEST_FRAMES)
def test_a_worker_cannot_send_what_only_a_grader_sends(frame: bytes) -> None:
    """A request is no reply."""
    with pytest.raises(MalformedFrame):
        receive(frame)


def understand(data: bytes, kind: str) -> None:
    """Receive bytes and unpack the values in them, as grader and worker do."""
    try:
        message, buffer = receive(data, kind)
        if isinstance(message, Evaluate | Call):
            unpack_all(message.args, buffer)
        if isinstance(message, Answer):
            unpack_all([message.value, *message.changed.values()], buffer)
    except (MalformedFrame, ConnectionError, TimeoutError):
        pass


@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_message_or_malformed(data: bytes) -> None:
    """Whatever bytes come, the grader sees a message, a malformed frame, or the end."""
    understand(data, "receive_reply")


@given(body=st.binary(max_size=100), arrays=st.binary(max_size=20))
def test_any_body_is_a_message_or_malformed(body: bytes, arrays: bytes) -> None:
    """Behind a right header, too, in both directions."""
    for kind in ("receive_reply", "receive_request"):
        understand(HEADER.pack(len(body), len(arrays)) + body + arrays, kind)


@st.composite
def mutated(draw: st.DrawFn, frames: list[bytes]) -> bytes:
    """Return a valid frame with bytes changed, inserted, cut out and doubled; its header fits."""
    frame = draw(st.sampled_from(frames))
    structure, _ = HEADER.unpack_from(frame)
    parts = [bytearray(frame[8 : 8 + structure]), bytearray(frame[8 + structure :])]
    for _ in range(draw(st.integers(1, 4))):
        part = parts[draw(st.integers(0, 3)) // 3]
        place = draw(st.integers(0, len(part)))
        length = draw(st.integers(0, 3))
        part[place : place + length] = draw(
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from(
                    [b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xc1", b"\x91"]
                ),
                st.just(bytes(part[place : place + 20])),
            )
        )
    return HEADER.pack(len(parts[0]), len(parts[1])) + bytes(parts[0] + parts[1])


@given(data=mutated(REPLY_FRAMES))
def test_mutated_replies_are_a_message_or_malformed(data: bytes) -> None:
    """A frame that is nearly right raises nothing but what the grader is ready for."""
    understand(data, "receive_reply")


@given(data=mutated(REQUEST_FRAMES))
def test_mutated_requests_are_a_message_or_malformed(data: bytes) -> None:
    """The same holds in the other direction."""
    understand(data, "receive_request")


def peak_of(action: Callable[[], object]) -> int:
    """Return how many bytes Python allocates at most while something malformed is received."""
    tracemalloc.start()
    try:
        with pytest.raises((MalformedFrame, ConnectionError)):
            action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "header",
    [
        (2**32 - 1, 0),
        (0, 2**32 - 1),
        (2**32 - 1, 2**32 - 1),
        (MAX_ANSWER_BYTES + 1, 0),
        (0, MAX_ARRAY_BYTES + 1),
    ],
)
def test_a_forged_header_allocates_nothing(header: tuple[int, int]) -> None:
    """A frame that claims gigabytes is refused before there is any room made for it."""
    assert peak_of(lambda: receive(HEADER.pack(*header))) < 10 * protocol._WINDOW


@pytest.mark.parametrize(
    "body",
    [
        b"\xdd\xff\xff\xff\xff",
        b"\xdb\xff\xff\xff\xff",
        b"\x94\xa8evaluate\x01\x00\xdd\xff\xff\xff\xff",
        b"\x94\xa8evaluate\x01\x00\x91\x92\xa1l\xdd\xff\xff\xff\xff",
        b"\x94\xa8evaluate\x01\x00\x91\x93\xa1a\xa1d\xdd\xff\xff\xff\xff",
        b"\x94\xa6answer\x01\xc0\xdf\xff\xff\xff\xff",
        b"\x95\xa4done\x01\xdd\xff\xff\xff\xff",
        b"\x95\xa4done\x01\x91\x93\xa7display\xdf\xff\xff\xff\xff",
        b"\x95\xa4done\x01\x91\x94\xa5error\xa0\xa0\xdd\xff\xff\xff\xff",
        b"\x94\xa6answer\x01" + b"\x92\xa1l\x91" * 20_000 + b"\xc0\x80",
    ],
)
def test_forged_lengths_in_a_structure_allocate_nothing(body: bytes) -> None:
    """Lists and texts that claim four billion parts, and endless nesting, are malformed."""
    data = HEADER.pack(len(body), 0) + body
    assert peak_of(lambda: receive(data)) < 10 * protocol._WINDOW


def test_a_cell_may_say_more_than_an_answer() -> None:
    """Outputs of a cell have more room than an answer, and a limit of their own."""
    done = CellDone(1, [Stream("stdout", "x" * (MAX_ANSWER_BYTES + 1))], 1, True)  # noqa: FBT003 - it succeeded
    with wire() as (channel, other):
        sender = threading.Thread(target=Channel(other).send, args=[done])
        sender.start()
        received, _ = channel.receive_reply(MAX_CELL_BYTES)
        sender.join()
    assert received == done


@pytest.mark.parametrize("more", [b"\0", HEADER.pack(0, 0), REPLY_FRAMES[0]])
def test_bytes_behind_a_frame_are_refused(more: bytes) -> None:
    """Nothing comes unasked: not a byte, and not a second message."""
    with pytest.raises(MalformedFrame, match="unasked"):
        receive(REPLY_FRAMES[3] + more)


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 30])
def test_a_frame_cut_short_is_a_lost_connection(length: int) -> None:
    """Half a frame, then nothing: the other end is gone."""
    with pytest.raises(ConnectionError):
        receive(REPLY_FRAMES[3][:length])


@pytest.mark.parametrize("elements", [100, 20_000])
def test_frames_arrive_in_pieces(elements: int) -> None:
    """It does not matter where the socket cuts a frame, be it smaller or larger than the window."""
    (value,), buffers = pack_all([np.arange(float(elements))])
    with wire() as (channel, other):

        def drip() -> None:
            frame = frame_of_any_size(Answer(1, value, {}), buffers)
            for start in (0, 1, 7, 8, 9, 40, len(frame) // 2):
                other.sendall(frame[start : _next_cut(start, len(frame))])
                time.sleep(0.001)

        sender = threading.Thread(target=drip)
        sender.start()
        reply, buffer = channel.receive_reply()
        sender.join()
    assert isinstance(reply, Answer)
    (array,) = unpack_all([reply.value], buffer)
    assert np.array_equal(array, np.arange(float(elements)))


def _next_cut(start: int, end: int) -> int:
    cuts = [1, 7, 8, 9, 40, end // 2, end]
    return next(cut for cut in cuts if cut > start)


def frame_of_any_size(message: Reply, buffers: Buffers) -> bytes:
    """Return the bytes of a frame that may be larger than a socket's buffer."""
    body = protocol._encoder.encode(message)
    return HEADER.pack(len(body), sum(map(len, buffers))) + body + b"".join(buffers)


def test_a_dripping_peer_hits_the_deadline_of_the_whole_frame() -> None:
    """A worker that sends a byte now and then gains no time by it."""
    stopped = threading.Event()
    with wire(seconds=0.4) as (channel, other):

        def drip() -> None:
            for byte in REPLY_FRAMES[3]:
                if stopped.wait(0.02):
                    return
                other.send(bytes([byte]))

        sender = threading.Thread(target=drip)
        sender.start()
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            channel.receive_reply()
        assert 0.35 < time.monotonic() - started < 1.5
        stopped.set()
        sender.join()


@pytest.mark.parametrize("seconds", [0.15, 0.4])
def test_silence_and_deafness_end_at_the_deadline(seconds: float) -> None:
    """A worker that neither sends nor reads is waited for as long as it has, and no longer."""
    with wire(seconds) as (channel, _other):
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            channel.receive_reply()
        assert seconds - 0.05 < time.monotonic() - started < seconds + 1
    with wire(seconds) as (channel, _other):
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            channel.send(Read(1, "x"), [bytes(2**24)])
        assert seconds - 0.05 < time.monotonic() - started < seconds + 1


def test_a_flood_of_small_frames_to_a_deaf_worker_ends_at_the_deadline() -> None:
    """Frames that fit into the socket's buffer do not block for ever once it is full."""
    with wire(seconds=0.3) as (channel, other):
        other.sendall(frame_of(Evaluate(1, 0, [1.0])))
        channel.receive_reply()
        with pytest.raises(TimeoutError):
            flood(channel)


def flood(channel: Channel) -> None:
    """Send small frames, more than any buffer holds."""
    for _ in range(1_000_000):
        channel.send(Evaluated(1, 1.0))


def test_a_deadline_that_has_passed_is_noticed_at_once() -> None:
    """With no time left nothing is read, even if it lies there."""
    with wire(seconds=-1) as (channel, other):
        other.sendall(REPLY_FRAMES[0])
        with pytest.raises(TimeoutError):
            channel.receive_reply()


def test_a_later_deadline_gives_time_again() -> None:
    """The time-out of one request does not cut the next one short."""
    with wire(seconds=0.05) as (channel, other):
        with pytest.raises(TimeoutError):
            channel.receive_reply()
        channel.deadline = time.monotonic() + 5
        later = threading.Timer(0.4, other.sendall, [REPLY_FRAMES[0]])
        later.start()
        assert channel.receive_reply()[0] == REPLIES[0]
        later.join()
