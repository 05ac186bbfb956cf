"""Answer every call with the largest arrays that may travel.

Must be observed: the grader keeps none of them, and the attacker earns nothing.
"""

# %% derivative
calls = 0


def derivative(f, x, h=1e-5):
    global calls
    calls += 1
    answers = (
        np.zeros(10**6, complex),
        [np.zeros(10**6)] * 2,
        [[0.0] * 100] * 100,
        ["x" * 190_000] * 5,
    )
    return answers[calls % 4]
