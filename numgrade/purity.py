"""Whether a hidden function may be evaluated where nobody has asked for it: if nobody can tell.

A check may hand a student a function that counts its evaluations, draws random numbers or raises
after a while. Only what plainly computes a value from its argument is called pure here.
"""

from __future__ import annotations

import builtins
import dis
import inspect
import math
from functools import cache
from types import CodeType, FunctionType
from typing import Any

import numpy as np

_NUMBERS = (int, float, complex, np.number)
_BUILTINS = frozenset(map(vars(builtins).get, ("abs", "float", "max", "min", "pow", "sum")))
_UFUNCS = {name for name, value in vars(np).items() if isinstance(value, np.ufunc)}
_ATTRIBUTES = frozenset({*dir(math), *_UFUNCS, "polyval", "where"})
"""What may follow a dot: functions and constants of numpy and math; none draws or keeps."""

_OTHER_KINDS = (
    inspect.CO_VARARGS
    | inspect.CO_VARKEYWORDS
    | inspect.CO_GENERATOR
    | inspect.CO_COROUTINE
    | inspect.CO_ITERABLE_COROUTINE
    | inspect.CO_ASYNC_GENERATOR
)
_COMPUTING = (
    *("LOAD_", "BINARY_", "UNARY_", "COMPARE_OP", "IS_OP", "CONTAINS_OP", "TO_BOOL", "BUILD_"),
    *("PUSH_NULL", "PRECALL", "KW_NAMES", "CALL", "STORE_FAST", "RETURN_", "POP_", "JUMP_"),
    *("COPY", "SWAP", "NOP", "NOT_TAKEN", "CACHE", "RESUME", "EXTENDED_ARG"),
)
"""Beginnings of the names of instructions that are known to change nothing but local variables."""


def is_pure(function: object) -> bool:
    """Tell whether a function has no effect but its value, which depends on its argument alone."""
    if isinstance(function, np.ufunc):
        return True
    if not isinstance(function, FunctionType) or not _only_computes(function.__code__):
        return False
    variables = inspect.getclosurevars(function)
    outside = (variables.nonlocals, variables.globals, variables.builtins)
    return (
        variables.unbound <= _ATTRIBUTES
        and not function.__defaults__
        and not function.__kwdefaults__
        and all(_is_constant(value) for names in outside for value in names.values())
    )


@cache
def _only_computes(code: CodeType) -> bool:
    names = (instruction.opname for instruction in dis.get_instructions(code))
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    is_plain = not code.co_flags & _OTHER_KINDS and not any(inner)
    return is_plain and all(name.startswith(_COMPUTING) for name in names)


def _is_constant(value: Any) -> bool:  # noqa: ANN401 - whatever a function refers to
    if isinstance(value, np.ufunc) or value is np or value is math:
        return True
    try:
        return isinstance(value, _NUMBERS) or value in _BUILTINS
    except (TypeError, ValueError):  # what cannot be hashed can be changed
        return False
