"""Describe the items that pytest has collected: what each check is called, and worth."""

from __future__ import annotations

import inspect
import math
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import msgspec
import pytest

from numgrade.errors import CourseError
from numgrade.pytest_plugin import exercise_of, name_of, reference_of, rng_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numgrade.pytest_plugin import Subject

Tells: TypeAlias = Literal["name", "hint", "values"]
"""What a student is told of a check: that it failed, why in general, or the very numbers."""

_OUR_MARKS = frozenset({"points", "parametrize", "tells"})
_OUR_FIXTURES = frozenset({"student", "reference", "rng"})


class Check(msgspec.Struct, frozen=True):
    """A collected check: its pytest item, and what it is worth."""

    item: pytest.Function
    exercise: str
    name: str
    title: str
    points: float
    is_plain: bool
    tells: Tells = "hint"


def describe(items: Iterable[pytest.Item]) -> list[Check]:
    """Return the checks among collected items, in their order.

    The items of a parametrised function share its points equally.

    Raises
    ------
    CourseError
        If a check has no points, or is to tell what there is not.
    """
    functions = [item for item in items if isinstance(item, pytest.Function)]
    shared = Counter(map(_function, functions))
    seen: Counter[tuple[Path, str]] = Counter()
    checks = []
    for item in functions:
        seen[_function(item)] += 1
        checks.append(_check(item, seen[_function(item)], shared[_function(item)]))
    return checks


def _check(item: pytest.Function, number: int, of: int) -> Check:
    """Describe one item; `of` items share the points of its function, this is one of them."""
    return Check(
        item=item,
        exercise=exercise_of(item),
        name=name_of(item),
        title=_title(item) if of == 1 else f"{_title(item)} ({number} of {of})",
        points=_points(item) / of,
        is_plain=_is_plain(item),
        tells=_tells(item),
    )


def _function(item: pytest.Function) -> tuple[Path, str]:
    """Return what the items of one parametrised function have in common."""
    return item.path, name_of(item).partition("[")[0]


def fresh_arguments(item: pytest.Function, subject: Subject) -> dict[str, Any]:
    """Return what our fixtures give a check."""
    student = subject.student(exercise_of(item))
    names = _argument_names(item.function)
    arguments = {"student": student} if "student" in names else {}
    if "reference" in names:
        arguments["reference"] = reference_of(item)
    if "rng" in names:
        arguments["rng"] = rng_of(item, subject.seed)
    return arguments


@cache
def _argument_names(function: Callable[..., Any]) -> frozenset[str]:
    return frozenset(inspect.signature(function).parameters)


def _title(item: pytest.Function) -> str:
    """Return the first line of a check's docstring, or its name in words."""
    docstring = inspect.getdoc(item.function) or ""
    return docstring.partition("\n")[0] or item.originalname.removeprefix("test_").replace("_", " ")


def _is_plain(item: pytest.Function) -> bool:
    """Tell whether a check needs nothing of pytest's but its parameters and our fixtures."""
    marks = list(item.iter_markers())
    parametrized = [mark for mark in marks if mark.name == "parametrize"]
    others = set(item.fixturenames) - set(parameters_of(item)) - _OUR_FIXTURES
    return (
        item.cls is None
        and all(mark.name in _OUR_MARKS for mark in marks)
        and not any(mark.kwargs.get("indirect") for mark in parametrized)
        and others <= {"request"}  # which our fixtures ask for
        and "request" not in _argument_names(item.function)
    )


def parameters_of(item: pytest.Function) -> dict[str, Any]:
    """Return the parameters of an item of a parametrised function."""
    return dict(item.callspec.params) if hasattr(item, "callspec") else {}


def _points(item: pytest.Function) -> float:
    mark = item.get_closest_marker("points")
    points = mark.args[0] if mark is not None and len(mark.args) == 1 else None
    if not isinstance(points, int | float) or not 0 <= points < math.inf:
        raise CourseError(
            f"{item.nodeid} has no points: write @pytest.mark.points(1), say, above it"
        )
    return float(points)


def _tells(item: pytest.Function) -> Tells:
    mark = item.get_closest_marker("tells")
    words: tuple[Tells, ...] = get_args(Tells)
    if mark is None:
        return "hint"
    if len(mark.args) != 1 or mark.args[0] not in words:
        known = ", ".join(f'"{word}"' for word in words)
        raise CourseError(f"{item.nodeid}: @pytest.mark.tells takes one of {known}")
    return words[words.index(mark.args[0])]
