"""Answer with arrays that are none: negative and endless shapes, objects, missing and surplus bytes.

Must be observed: every one of them is refused before anything is allocated.
"""

# %%
import itertools

arrays = itertools.cycle(
    [
        (["a", "d", [10**6, 10**6]], b""),
        (["a", "d", [-1]], bytes(8)),
        (["a", "d", [2**62, 4]], bytes(8)),
        (["a", "d", [0, 2**62]], b""),
        (["a", "O", [1]], bytes(8)),
        (["a", "M", [1]], bytes(8)),
        (["a", "V", [1]], bytes(8)),
        (["a", "S10000000", [1]], bytes(8)),
        (["a", "(1000,1000)d", [1]], bytes(8)),
        (["a", "d", [3]], bytes(100)),
        (["a", "d", [3]], bytes(7)),
        (["a", "d", [1] * 33], bytes(8)),
        (["s", "d", bytes(33)], b""),
        (["s", "O", bytes(8)], b""),
        (["i", bytes(10**6)], b""),
        (["n", "text"], b""),
    ]
)


def answer(id):
    value, buffer = next(arrays)
    return frame(["answer", id, value, {}], buffer)


on_call(answer)
