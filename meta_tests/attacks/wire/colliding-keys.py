"""Answer with a dictionary of integers that all have the same hash: each one is compared with all.

Must be observed: the check's time is not overrun by much. (It stops after two answers.)
"""

# %%
answers = []


def answer(id):
    answers.append(id)
    if len(answers) > 2:
        return frame(["raised", id, "E"])
    # CPython: the hash of an integer is its remainder modulo 2**61 - 1.
    keys = (n * (2**61 - 1) for n in range(1, 40_000))
    parts = [part for key in keys for part in (["i", key.to_bytes(11, "little")], None)]
    return frame(["answer", id, ["d", parts], {}])


on_call(answer)
