"""Answer with objects that take for ever when they are looked at: by repr, by iterator, by length.

Must be observed: they are looked at in the student's process and on the student's time.
"""

# %% derivative
import time


class Slow(list):
    def __iter__(self):
        time.sleep(30)
        return iter(())

    __len__ = __repr__ = __str__ = __float__ = __array__ = __bool__ = __iter__


def derivative(f, x, h=1e-5):
    return Slow([1.0])


# %% numerical_gradient
class SlowArray(np.ndarray):
    def __array_finalize__(self, other):
        time.sleep(30)


def numerical_gradient(f, x, h=1e-5):
    return np.zeros(3).view(SlowArray)
