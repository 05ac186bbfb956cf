"""Put the hidden input into the names of exceptions and of kinds of values, which people read.

Must be observed: no hidden input, no markup and no control character in record or feedback.
"""

# %%
import itertools

from numgrade import worker

kinds = itertools.cycle(["raised", "refused"])
plain = worker.Worker._handle


def answer(self, request, buffer):
    if isinstance(request, protocol.Call) and request.name == "derivative":
        say(frame([next(kinds), request.id, f"x={request.args[1:]!r}"[:190] + "\x1b[2J<b>"]))
    else:
        plain(self, request, buffer)


worker.Worker._handle = answer
