"""Close, shut down or ignore the channel, also between two calls.

Must be observed: silence is no answer.
"""

# %%
import itertools
import socket
import time

channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, os.dup(CHANNEL))
ways = itertools.cycle(
    [
        lambda: channel.shutdown(socket.SHUT_WR),
        lambda: channel.shutdown(socket.SHUT_RDWR),
        lambda: os.dup2(0, CHANNEL),
        lambda: os.closerange(0, 1024),
    ]
)


def hush(id):
    next(ways)()
    return b"" if id % 2 else frame(["answer", id, 1.0, {}])


on_call(hush)
