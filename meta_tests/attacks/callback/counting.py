"""Evaluate f more often than anybody needs, with single numbers.

Must be observed: the check's time or the count ends it.
"""


# %% derivative
def derivative(f, x, h=1e-5):
    while True:
        try:
            f(x)
        except RuntimeError:
            return 0.0
