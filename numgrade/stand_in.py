"""What student code meets: the function that stands for one of the grader's, its exceptions."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

from numgrade.values import Unsendable

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_NAME = 40
CALL_HAS_ENDED = "this call has ended: f can be evaluated only during it"


def stand_in(arity: int | None, evaluate: Callable[[tuple[Any, ...]], Any]) -> Callable[..., Any]:
    """Return a function of the same arity, positional, and without a source.

    Parameters
    ----------
    arity : int, optional
        How many arguments it takes; without it, any number.
    evaluate : callable
        Returns the value at a point, a tuple of arguments.
    """

    def f(*point: Any) -> Any:  # noqa: ANN401 - the student chooses the point
        if arity is not None and len(point) != arity:
            takes = f"{arity} argument" + ("s" if arity != 1 else "")
            raise TypeError(f"f() takes {takes} but {len(point)} were given")
        try:
            return evaluate(point)
        except Unsendable as refusal:
            raise TypeError(f"f cannot be evaluated at {refusal}") from None

    f.__signature__ = _signature(arity)  # type: ignore[attr-defined]
    f.__qualname__ = "f"
    f.__module__ = "__main__"
    return f


@cache
def _signature(arity: int | None) -> inspect.Signature:
    if arity is None:
        return inspect.Signature([inspect.Parameter("x", inspect.Parameter.VAR_POSITIONAL)])
    names = ["x"] if arity == 1 else [f"x{i}" for i in range(arity)]
    kind = inspect.Parameter.POSITIONAL_ONLY
    return inspect.Signature([inspect.Parameter(name, kind) for name in names])


def missing_name(error: BaseException) -> str:
    """Return the name or attribute that was not there, if that is what an exception says."""
    if not isinstance(error, AttributeError | NameError):
        return ""
    name: object = error.name
    trace = error.__traceback__
    while name is None and trace is not None:
        # A module's __getattr__, such as NumPy's for removed names, says it in the text alone.
        if trace.tb_next is None and trace.tb_frame.f_code.co_name == "__getattr__":
            name = next(iter(trace.tb_frame.f_locals.values()), None)
        trace = trace.tb_next
    return name[:_MAX_NAME] if type(name) is str and name.isidentifier() else ""
