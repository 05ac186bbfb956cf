"""Use f as if it were the ufunc that it may stand for: at, reduce, accumulate, dtype, out, where.

Must be observed: it is a plain function without extras.
"""

# %% trapezoidal_integration
import contextlib


def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, 5)
    for use in (
        lambda: f.at(x, 0),
        lambda: f.reduce(x),
        lambda: f(x, out=x),
        lambda: f(x, dtype="O"),
        lambda: f.__self__,
        lambda: f.func,
        lambda: f.__wrapped__(x),
    ):
        with contextlib.suppress(AttributeError, TypeError):
            use()
            raise type("Through", (Exception,), {})
    return 0.0
