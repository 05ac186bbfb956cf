"""Report changes of arguments that were never passed, at impossible places.

Must be observed: ignored or refused; an answer that is wrong stays wrong.
"""

# %%
import itertools

changes = itertools.cycle(
    [
        {n: 1.0 for n in range(1000)},
        {-1: 1.0, 2**62: None},
        {0: ["f", 0, 1]},
        {1: ["a", "d", [3]]},
        {"0": 1.0},
        {0: "x" * 1000, 1: ["l", [None] * 1000]},
    ]
)
on_call(lambda id: frame(["answer", id, 1.0, next(changes)]))
