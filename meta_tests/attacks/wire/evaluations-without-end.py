"""Ask for values of f without ever reading one, until the channel is full in both directions.

Must be observed: the check's time ends it.
"""

# %%
import socket

os.set_blocking(CHANNEL, True)


def ask(id):
    question = frame(["evaluate", id, 0, [1.0]])
    for _ in range(10**6):
        say(question)
    return b""


on_call(ask)
