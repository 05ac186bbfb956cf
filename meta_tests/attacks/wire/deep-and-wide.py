"""Answer with structures that are too deep, too wide, or that share what they hold many times.

Must be observed: refused; the grader's stack and memory stand.
"""

# %%
import itertools


def nested(depth):
    prefix = b"\x92\xa1l\x91" * depth
    body = b"\x94\xa6answer" + msgspec.msgpack.encode(IDS[0]) + prefix + b"\xc0" + b"\x80"
    return struct.pack("<II", len(body), 0) + body


IDS = [0]
shapes = itertools.cycle(
    [
        lambda id: nested(100_000),
        lambda id: nested(500),
        lambda id: nested(17),
        lambda id: frame(["answer", id, ["l", [None] * 150_000], {}]),
        lambda id: frame(["answer", id, ["l", [["l", [None] * 30_000]] * 30], {}]),
        lambda id: frame(["answer", id, "x" * 200_001, {}]),
        lambda id: frame(["answer", id, ["d", [["t", [1, 2]], 1, 3]], {}]),
    ]
)


def answer(id):
    IDS[0] = id
    return next(shapes)(id)


on_call(answer)
