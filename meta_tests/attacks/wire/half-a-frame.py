"""Send the first half of an answer and end, wait, or close the channel.

Must be observed: half an answer is none.
"""

# %%
import itertools
import time

ends = itertools.cycle([lambda: os._exit(0), lambda: os.close(CHANNEL), lambda: time.sleep(20)])


def half(id):
    whole = frame(["answer", id, ["l", [0.0] * 100], {}])
    say(whole[: len(whole) // 2])
    next(ends)()
    return b""


on_call(half)
