"""Report for a cell a thousand outputs of every kind, impossible counts and unknown streams.

Must be observed: the outputs that are kept are few and harmless; no crash of ours.
"""

SPARES = False

# %%
from numgrade import worker

plain = worker.Worker._handle
outputs = [["stream", "stdin<script>", "x" * 1000]] * 300
outputs += [["display", {"text/html": "<script>1</script>", "x" * 190: "y"}, True]] * 300
outputs += [["error", "E" * 10_000, "\x1b[31m" * 1_000, ["<b>" * 10] * 1_000]] * 20


def report(self, request, buffer):
    if isinstance(request, protocol.RunCell):
        say(frame(["done", request.id, outputs, -(2**63), True]))
    else:
        plain(self, request, buffer)


worker.Worker._handle = report
