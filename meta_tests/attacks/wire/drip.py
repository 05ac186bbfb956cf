"""Answer one byte at a time, each just before whoever waits would lose patience.

Must be observed: the check's time is for the whole answer, however slowly it comes.
"""

# %%
import time


def drip(id):
    for byte in frame(["answer", id, ["l", [0.0] * 2000], {}]):
        say(bytes([byte]))
        time.sleep(0.02)
    return b""


on_call(drip)
