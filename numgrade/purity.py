"""Whether a hidden function may be evaluated where nobody has asked for it: if nobody can tell.

A check may hand a student a function that counts its evaluations, draws random numbers or raises
after a while. Only what plainly computes a value from its argument is called pure here.
"""

from __future__ import annotations

import builtins
import dis
import inspect
import itertools
import math
from functools import cache
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = (int, float, complex, np.number)
_BUILTINS = frozenset(map(vars(builtins).get, ("abs", "float", "len", "max", "min", "pow", "sum")))
_UFUNCS = {name for name, value in vars(np).items() if isinstance(value, np.ufunc)}
_FUNCTIONS = ("arange", "diag", "dot", "eye", "linalg", "norm", "ones", "polyval", "sum", "where")
_ATTRIBUTES = frozenset({*dir(math), *_UFUNCS, *_FUNCTIONS, "T", "ndim", "shape", "size"})
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
    """Tell whether a function has no effect but its value, which depends on its argument alone.

    It may be a method that reads numbers and arrays of its object: a quadratic with its Hessian.
    """
    if isinstance(function, np.ufunc):
        return True
    own: set[str] = set()
    if isinstance(function, MethodType):
        owner, function = function.__self__, function.__func__
        if not isinstance(function, FunctionType) or not _only_reads_attributes(function.__code__):
            return False
        own = _constants_of(owner)
    if not isinstance(function, FunctionType) or not _only_computes(function.__code__):
        return False
    known = _ATTRIBUTES | own if own else _ATTRIBUTES
    return (
        not function.__defaults__
        and not function.__kwdefaults__
        and all(name in known or _is_constant(value) for name, value in _references(function))
    )


def _references(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Yield what a function refers to, with its names; a name that means nothing means None."""
    code, everywhere = function.__code__, function.__globals__
    for cell in function.__closure__ or ():
        try:
            yield "", cell.cell_contents
        except ValueError:  # empty so far
            yield "", None
    for name in code.co_names:
        if name in everywhere:
            yield "", everywhere[name]
        else:
            yield name, vars(builtins).get(name)


def _constants_of(owner: object) -> set[str]:
    """Return the names of an object's own numbers and arrays, if reading them is all there is."""
    kind = type(owner)
    if kind.__getattribute__ is not object.__getattribute__ or hasattr(kind, "__getattr__"):
        return set()
    kept = vars(owner) if hasattr(owner, "__dict__") else {}
    return {name for name, value in kept.items() if not hasattr(kind, name) and _is_data(value)}


@cache
def _only_computes(code: CodeType) -> bool:
    instructions = list(dis.get_instructions(code))
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    is_plain = not code.co_flags & _OTHER_KINDS and not any(inner)
    # x += 1 writes into an array, and so does out=x, whose name is a constant.
    writes = any(each.opname == "BINARY_OP" and each.argrepr[-1] == "=" for each in instructions)
    names = itertools.chain(*(each for each in code.co_consts if isinstance(each, tuple)))
    computes = all(each.opname.startswith(_COMPUTING) for each in instructions)
    return is_plain and computes and not writes and "out" not in names


@cache
def _only_reads_attributes(code: CodeType) -> bool:
    """Tell whether a method uses its object for nothing but what follows a dot."""
    instructions = list(dis.get_instructions(code))
    name = code.co_varnames[0]
    uses = [
        (each.opname, after.opname)
        for each, after in itertools.pairwise(instructions)
        if each.argval == name or (isinstance(each.argval, tuple) and name in each.argval)
    ]
    return all(one.startswith("LOAD_FAST") and two == "LOAD_ATTR" for one, two in uses)


def _is_constant(value: Any) -> bool:  # noqa: ANN401 - whatever a function refers to
    if isinstance(value, np.ufunc) or value is np or value is math:
        return True
    try:
        return _is_data(value) or value in _BUILTINS
    except (TypeError, ValueError):  # what cannot be hashed can be changed
        return False


def _is_data(value: Any) -> bool:  # noqa: ANN401 - whatever a function refers to
    """Tell numbers, and arrays of numbers, which a function that only computes cannot change."""
    return isinstance(value, _NUMBERS) or (
        type(value) is np.ndarray and value.dtype.kind in "biufc"
    )
