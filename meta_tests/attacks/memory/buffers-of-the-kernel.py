"""Take memory inside the kernel: full pipes and sockets, descriptors in flight.

Must be observed: an end after a hundred descriptors, and neighbours who notice nothing.
"""

# %%
import fcntl
import socket

pipes, sockets, bytes_held = [], [], 0
while len(pipes) < 500 and (pipe := attempt(os.pipe)) is not None:
    pipes.append(pipe)
    attempt(fcntl.fcntl, pipe[1], 1031, 2**20)
    os.set_blocking(pipe[1], False)
    bytes_held += attempt(os.write, pipe[1], bytes(2**20)) or 0
    if len(pipes) % 2 and (pair := attempt(socket.socketpair)) is not None:
        sockets.append(pair)
        attempt(pair[0].setsockopt, socket.SOL_SOCKET, socket.SO_SNDBUF, 2**24)
        pair[0].setblocking(False)
        bytes_held += attempt(pair[0].send, bytes(2**22)) or 0
print(len(pipes), len(sockets), bytes_held)
if bytes_held > 64 * 2**20:
    through(f"{bytes_held} bytes in the kernel")
