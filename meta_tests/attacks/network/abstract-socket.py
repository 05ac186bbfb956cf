"""Connect to a local server through a socket with a name in no file system.

Must be observed: the server receives nothing.
"""

# %%
import socket


def send():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(target.attack.encode(), "\0" + target.abstract)


attempt(send)
