"""The words for what cannot be an answer: kinds of values and of exceptions, from fixed lists.

A worker says what a student's function returned or raised, and people read it. If the words were
the student's to choose, a hidden input could be written into the name of a class; so each side
knows the words, and the grader takes no others.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import numpy as np

from numgrade.wire import (
    MAX_ARRAY_BYTES,
    MAX_ELEMENTS,
    MAX_INTEGER_BITS,
    MAX_TEXT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

FUNCTION = "a function"
OF_ITS_OWN = "a value of a kind of its own"
OBJECTS = "an array of objects"
TOO_DEEP = "a value nested too deeply"
TOO_MANY = "a value of too many parts"
TOO_LONG = f"a text of more than {MAX_TEXT} characters"
NO_TEXT = "a text with characters that are none"
TOO_HIGH = f"an integer of more than {MAX_INTEGER_BITS} bits"
TOO_LARGE = f"an array of more than {MAX_ELEMENTS} elements"
TOO_MUCH = f"arrays of more than {MAX_ARRAY_BYTES} bytes"
UNUSUAL_KEYS = "a dict with too many unusual keys"

_KINDS_OF_ARRAYS = {
    "O": "objects",
    "U": "text",
    "S": "bytes",
    "V": "records",
    "M": "dates",
    "m": "spans of time",
}
_OTHERS = "something else"
_TYPES = frozenset(
    "Axes Axes3D AxesSubplot BytesIO Counter DataFrame Decimal Figure Fraction Index Path"
    " Polynomial Series SimpleNamespace StringIO Symbol Tensor async_generator bytearray bytes"
    " coroutine date datetime deque dict_items dict_keys dict_values ellipsis enumerate filter"
    " frozenset generator list_iterator map memoryview module ndindex nditer object poly1d property"
    " range reversed set slice timedelta zip".split()
)


def _exceptions() -> Iterator[str]:
    for place in (builtins, np.exceptions, np.linalg):
        for name, kind in vars(place).items():
            if isinstance(kind, type) and issubclass(kind, BaseException):
                yield name


EXCEPTIONS = frozenset(_exceptions())
"""Names of exceptions that people get to read: Python's own and NumPy's public ones."""


def is_phrase(text: str) -> bool:
    """Tell whether a text that a worker sent describes a value in words of ours."""
    return text in _PHRASES


def of(value: object) -> str:
    """Name what a value is, in a student's words and without asking the value."""
    if callable(value):
        return FUNCTION
    name = type(value).__name__
    return _with_article(name) if name in _TYPES else OF_ITS_OWN


def of_array(what: str, dtype: np.dtype[Any]) -> str:
    """Name what an array, or a scalar of NumPy's, consists of instead of numbers."""
    return f"{what} of {_KINDS_OF_ARRAYS.get(dtype.kind, _OTHERS)}"


def exception_name(kind: type[BaseException]) -> str:
    """Return the name of an exception, or of the nearest that it derives from and people know."""
    return next(base.__name__ for base in kind.__mro__ if base.__name__ in EXCEPTIONS)


def _with_article(name: str) -> str:
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


_PHRASES = frozenset(
    {
        *(FUNCTION, OF_ITS_OWN, OBJECTS, UNUSUAL_KEYS, NO_TEXT),
        *(TOO_DEEP, TOO_MANY, TOO_LONG, TOO_HIGH, TOO_LARGE, TOO_MUCH),
        *map(_with_article, _TYPES),
        *(f"a NumPy scalar of {kind}" for kind in (*_KINDS_OF_ARRAYS.values(), _OTHERS)),
        *(f"an array of {kind}" for kind in (*_KINDS_OF_ARRAYS.values(), _OTHERS)),
    }
)
