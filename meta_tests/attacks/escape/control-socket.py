"""Talk to the zygote in the grader's place: its orders come on a socket that may have been left open.

Must be observed: no such socket, and the zygote forks for the grader alone.
"""

# %%
import socket

order = msgspec.msgpack.encode({"type": "spawn", "scratch": "/", "address_space": 2**60})
for descriptor in set(range(256)) - {CHANNEL}:
    try:
        os.fstat(descriptor)
        control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, descriptor)
    except OSError:
        continue
    through(f"descriptor {descriptor} is a socket")
    attempt(socket.send_fds, control, [order], [CHANNEL])
    control.detach()
print(attempt(os.waitpid, -1, os.WNOHANG), os.getpid(), os.getppid())
