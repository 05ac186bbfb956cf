"""The function that stands for one of the grader's in student code."""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

from numgrade.values import Unsendable

if TYPE_CHECKING:
    from collections.abc import Callable

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
