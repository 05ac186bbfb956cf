"""Remember what pure functions of the checks came to, while many candidates get the same inputs."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
R = TypeVar("R")
_memory: ContextVar[dict[Any, Any] | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Have the functions that are `remembered` computed once for the same arguments, within."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Let a pure function be remembered; its callable arguments must be pure as well."""

    @wraps(function)
    def remember(*args: P.args, **kwargs: P.kwargs) -> R:
        memory = _memory.get()
        if memory is None or kwargs:
            return function(*args, **kwargs)
        try:
            key = function, *map(_key, args)
            if key not in memory:
                memory[key] = function(*args, **kwargs)
        except TypeError:  # an argument that cannot be a key
            return function(*args, **kwargs)
        found: R = memory[key]
        return found

    return remember


def _key(value: object) -> object:
    """Return what tells a value from others: an array has no hash of its own."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, list | tuple):
        return type(value), *map(_key, value)
    return type(value), value
