"""Answer with the ids of other questions: earlier, later, negative, enormous, of another type.

Must be observed: only the answer to this question is one.
"""

# %%
import itertools

ids = itertools.cycle([lambda id: id - 1, lambda id: id + 1, lambda id: -id, lambda id: 2**64 - 1])
on_call(lambda id: frame(["answer", next(ids)(id), 1.0, {}]))
