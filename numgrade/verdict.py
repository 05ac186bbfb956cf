"""Whose fault the end of a check was: the one place where a check is passed or failed.

No answer is never full marks. What student code does is a result; what we or the author did wrong
is `not_run`, which leaves the submission unscored.
"""

from __future__ import annotations

import inspect
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from numgrade.errors import (
    CourseError,
    InfrastructureError,
    StudentError,
    StudentKilled,
    StudentTimedOut,
)
from numgrade.local import LocalStudent
from numgrade.pytest_plugin import SUBJECT, reference_of, rng_of
from numgrade.results import CheckStatus

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_MESSAGE = 2000


class Outcome(msgspec.Struct, frozen=True):
    """How a check ended on one submission; `warning` is for the author."""

    status: CheckStatus
    message: str = ""
    warning: str = ""
    seconds: float = 0.0


def fresh_arguments(item: pytest.Function, student: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what our fixtures give a check, for a `student` of the caller's choice."""
    names = _parameters(item.function)
    makers: dict[str, Callable[[], Any]] = {
        "student": lambda: student,
        "reference": lambda: reference_of(item),
        "rng": lambda: rng_of(item, item.config.stash[SUBJECT].seed),
    }
    return {name: make() for name, make in makers.items() if name in names}


def outcome_of(item: pytest.Function, error: BaseException | None) -> Outcome:  # noqa: PLR0911 - a table, a row an end
    """Decide whose fault the end of a check was."""
    match error:
        case None:
            return Outcome(CheckStatus.PASSED)
        case AssertionError() | pytest.fail.Exception():
            return Outcome(CheckStatus.FAILED, _message(error))
        case StudentTimedOut():
            return Outcome(CheckStatus.TIMED_OUT, str(error))
        case StudentKilled():
            return Outcome(CheckStatus.KILLED, str(error))
        case StudentError():
            return Outcome(CheckStatus.ERROR, str(error))
        case InfrastructureError() | CourseError():
            return Outcome(CheckStatus.NOT_RUN, warning=str(error))
        case Exception():
            return _blame(item, error)
    return Outcome(CheckStatus.NOT_RUN, warning=f"the check ended with {type(error).__name__}")


def _blame(item: pytest.Function, error: Exception) -> Outcome:
    """Run a check that fell over once more, on the reference: if it stands, it was the answer.

    The same seed draws the same inputs, so only the answers differ.
    """
    if not getattr(item, "funcargs", None):
        return Outcome(CheckStatus.NOT_RUN, warning=f"set-up failed: {_one_line(error)}")
    arguments = {name: item.funcargs[name] for name in _parameters(item.function)}
    arguments.update(fresh_arguments(item, LocalStudent(vars(reference_of(item)))))
    try:
        item.function(**arguments)
    except Exception as broken:  # noqa: BLE001 - any failure means that the check is broken
        return Outcome(
            CheckStatus.NOT_RUN, warning=f"fails on the reference too: {_one_line(broken)}"
        )
    return Outcome(
        CheckStatus.ERROR,
        "The check could not work with what the function returned.",
        warning=f"fell over the student's answer: {_one_line(error)}. Assert its type first.",
    )


@cache
def _parameters(function: Callable[..., Any]) -> frozenset[str]:
    return frozenset(inspect.signature(function).parameters)


def _message(error: BaseException) -> str:
    return str(error)[:MAX_MESSAGE] or "This does not hold."


def _one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
