"""Let somebody hear of the comparisons that checks make; without a listener this costs nothing."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_observer: ContextVar[Callable[[float, float], None] | None] = ContextVar("observer", default=None)


@contextmanager
def observed(observer: Callable[[float, float], None]) -> Iterator[None]:
    """Tell `observer` of each comparison made within: the error, and what was allowed.

    Verification measures so how far right and wrong answers lie from what is allowed.
    """
    token = _observer.set(observer)
    try:
        yield
    finally:
        _observer.reset(token)


def is_within(error: float, allowed: float) -> bool:
    """Tell whether an error is allowed; whoever observes the comparisons hears of it."""
    observer = _observer.get()
    if observer is not None:
        observer(error, allowed)
    return error <= allowed
