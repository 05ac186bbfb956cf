"""Connect to a local server through a socket in the file system, as to a database or a desktop.

Must be observed: the server sees no connection.
"""

# %%
import socket


def connect(path, kind):
    with socket.socket(socket.AF_UNIX, kind) as client:
        client.connect(path)
        client.send(target.attack.encode())


for path in (target.socket, target.datagrams, "/run/docker.sock", "/tmp/.X11-unix/X0", "/dev/log"):
    attempt(connect, path, socket.SOCK_STREAM)
    attempt(connect, path, socket.SOCK_DGRAM)
