"""Answer with dictionaries whose keys cannot be keys: lists, arrays, dictionaries, NaN a thousand times.

Must be observed: refused, or a dictionary that is no number.
"""

# %%
import itertools

keys = itertools.cycle(
    [["l", []], ["a", "d", [0]], ["d", []], ["n", float("nan")], ["t", [["l", []]]]]
)
on_call(lambda id: frame(["answer", id, ["d", [next(keys), 1.0] * 1000], {}]))
