"""What every attacker brings along: the first cell of their notebook, below a cell with `target`.

`target` names what there is to attack: paths of the course, a port and sockets of ours, the
coordinator's process id, a neighbour's notebook, a private file of the user.
"""

import ctypes
import os
import struct

import msgspec
import seccompy
from numgrade import protocol

libc = ctypes.CDLL(None, use_errno=True)
CHANNEL = 3


def attempt(action, *arguments, **named):
    """Try something, whatever comes of it; say what it was refused with."""
    try:
        return action(*arguments, **named)
    except BaseException as refusal:
        print(f"refused: {type(refusal).__name__}: {refusal}"[:200])
        return None


def through(what):
    """Confess that something worked which should have been refused."""
    print(f"THROUGH: {what}")


def call(name, *arguments):
    """Make a system call by its name; return its result, or minus the number of the error."""
    numbers = [
        ctypes.c_long(value) if isinstance(value, int) else ctypes.c_char_p(value)
        for value in arguments
    ]
    result = libc.syscall(ctypes.c_long(seccompy.syscall_nr(name)), *numbers)
    return result if result != -1 else -ctypes.get_errno()


def must_fail(name, *arguments):
    """Make a system call that has no business in a sandbox; confess if the kernel obeys."""
    result = call(name, *arguments)
    if result >= 0:
        through(f"{name} gave {result}")
    else:
        print(f"refused: {name}: {os.strerror(-result)}")
    return result


def show(path, size=100_000):
    """Print the start of a file; what is secret in it will be found in the output."""
    with open(path, errors="replace") as file:
        print(file.read(size))


def spy(path):
    """Print a file, or what can be seen in a folder and its files."""
    for name in attempt(os.listdir, path) or ():
        print(name)
        attempt(show, f"{path}/{name}")
    attempt(show, path)


def frame(message, *buffers):
    """Return the bytes of a message on the wire."""
    body = msgspec.msgpack.encode(message)
    return struct.pack("<II", len(body), sum(map(len, buffers))) + body + b"".join(buffers)


def say(data):
    """Write to the channel behind the back of the code that owns it."""
    while data:
        data = data[os.write(CHANNEL, data) :]


def on_call(reply):
    """From now on answer calls of two functions with the bytes that `reply(id)` returns."""

    def answer(self, request, buffer):
        names = ("derivative", "numerical_gradient")
        if isinstance(request, protocol.Call) and request.name in names:
            say(reply(request.id))
        else:
            plain(self, request, buffer)

    from numgrade import worker

    plain = worker.Worker._handle
    worker.Worker._handle = answer
