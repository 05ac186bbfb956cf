"""Report for a cell what is no report: too long, too many outputs, answers, wrong types.

Must be observed: the cell is left out, and the honest exercises keep their marks.
"""

SPARES = False

# %%
import itertools

from numgrade import worker

plain = worker.Worker._handle
reports = itertools.cycle(
    [
        lambda id: ["done", id, [["stream", "stdout", "x" * (9 * 2**20)]], 1, True],
        lambda id: ["done", id, [["stream", "stdout", ""]] * 1001, 1, True],
        lambda id: ["done", id, [["error", "", "", [""] * 10**6]], 1, True],
        lambda id: ["done", id, [["display", {"a": 5}, True]], 1, True],
        lambda id: ["answer", id, 1.0, {}],
        lambda id: ["raised", id, "E"],
    ]
)


def report(self, request, buffer):
    if isinstance(request, protocol.RunCell):
        say(frame(next(reports)(request.id)))
    else:
        plain(self, request, buffer)


worker.Worker._handle = report
