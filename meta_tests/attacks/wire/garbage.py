"""Answer calls with random bytes, zeros, text and somebody else's protocol.

Must be observed: that worker ends, that check is lost, and nothing else.
"""

# %%
import itertools

junk = itertools.cycle([os.urandom(1000), bytes(1000), b"GET / HTTP/1.0\r\n\r\n", b"\xff" * 1000])
on_call(lambda id: next(junk))
