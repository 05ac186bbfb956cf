"""Evaluate f at integers so large that the grader would compute for hours.

Must be observed: refused at once, and the neighbours are graded.
"""

# %% derivative
import contextlib


def derivative(f, x, h=1e-5):
    for point in (10**1000, -(2**63), 2**64, 2**4090, [2**4000], {0: 2**4000}, np.uint64(2**63)):
        with contextlib.suppress(Exception):
            f(point)
    return 0.0


# %% gradient_descent
def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    for point in (10**1000, [10**1000, 10**1000], np.array([10**1000] * 2, dtype=object)):
        with contextlib.suppress(Exception):
            grad_f(point)
    return grad_f([2**62, 2**62])
