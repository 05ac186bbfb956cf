"""Announce frames of gigabytes, which a trusting reader would allocate.

Must be observed: the frame is refused by its header; the grader's memory does not grow.
"""

# %%
import itertools

headers = itertools.cycle(
    struct.pack("<II", structure, buffers)
    for structure, buffers in ((2**32 - 1, 2**32 - 1), (10, 2**31), (2**31, 0), (2**27, 2**27))
)
on_call(lambda id: next(headers) + b"x" * 100)
