"""Answer calls with messages of other kinds: ready, fault, a finished cell, one of the grader's own.

Must be observed: a fault that a student claims is the student's; the submission is scored.
"""

# %%
import itertools

kinds = itertools.cycle(
    [
        lambda id: ["fault", id, "our own fault, surely"],
        lambda id: ["ready", id, ["namespaces", "limits", "landlock", "seccomp"]],
        lambda id: ["done", id, [], 1, True],
        lambda id: ["evaluated", id, 1.0],
        lambda id: ["call", id, "derivative", [], {}],
        lambda id: ["passed", id],
        lambda id: ["missing", id, "too", "much"],
        lambda id: {"type": "answer", "id": id, "value": 1.0},
        lambda id: id,
        lambda id: None,
    ]
)
on_call(lambda id: frame(next(kinds)(id)))
