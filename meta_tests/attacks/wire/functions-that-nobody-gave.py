"""Ask for functions that were not given, with functions among the points, outside of a call.

Must be observed: the worker ends; no function of the grader's is called by another number.
"""

# %%
import itertools

questions = itertools.cycle(
    [
        lambda id: ["evaluate", id, 5, [1.0]],
        lambda id: ["evaluate", id, -1, [1.0]],
        lambda id: ["evaluate", id, 2**62, [1.0]],
        lambda id: ["evaluate", id, 0, [["f", 0, 1]]],
        lambda id: ["evaluate", id, 0, [["f", 0, None], ["l", [["f", -1, 0]]]]],
        lambda id: ["evaluate", id + 1, 0, [1.0]],
        lambda id: ["evaluate", id, 0, [1.0] * 90_000],
        lambda id: ["evaluate", id, True, []],
    ]
)
on_call(lambda id: frame(next(questions)(id)))
