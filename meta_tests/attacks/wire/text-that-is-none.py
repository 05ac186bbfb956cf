"""Answer with text and numbers that no codec would write: broken UTF-8, extension types, NaN as id.

Must be observed: refused, and no crash of ours.
"""

# %%
import itertools


def raw(id, tail):
    body = b"\x94\xa6answer" + msgspec.msgpack.encode(id) + tail + b"\x80"
    return struct.pack("<II", len(body), 0) + body


tails = itertools.cycle(
    [
        b"\xa3\xff\xfe\xfd",
        b"\xa4\xed\xa0\x80x",
        b"\xd6\xff\x00\x00\x00\x00",
        b"\xc7\xff\x05" + b"x" * 255,
        b"\xdb\xff\xff\xff\xff",
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00",
        b"\xc1",
    ]
)
on_call(lambda id: raw(id, next(tails)))
