"""Reach files through descriptors of the worker's channel: passed ones, duplicated ones, its peer.

Must be observed: no descriptor comes in, and none that goes out reaches anything.
"""

SPARES = False

# %%
import array
import fcntl
import socket

channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, os.dup(CHANNEL))
channel.settimeout(0.1)
print(attempt(channel.getpeername), attempt(channel.getsockname))
print(attempt(channel.getsockopt, socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
for option in (socket.SO_PASSCRED, 32, 33, 77):
    attempt(channel.setsockopt, socket.SOL_SOCKET, option, 1)
print(attempt(socket.recv_fds, channel, 100, 10))
print(attempt(fcntl.fcntl, CHANNEL, fcntl.F_GETFL), attempt(fcntl.fcntl, CHANNEL, 1033, 1))
