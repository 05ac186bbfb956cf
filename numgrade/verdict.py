"""Whose fault the end of a check was: the one place where a check is passed or failed.

No answer is never full marks. What student code does is a result; what we or the author did wrong
is `not_run`, which leaves the submission unscored.
"""

from __future__ import annotations

import msgspec
import pytest

from numgrade.errors import (
    CourseError,
    InfrastructureError,
    StudentError,
    StudentKilled,
    StudentTimedOut,
)
from numgrade.results import CheckStatus

MAX_MESSAGE = 2000


class Outcome(msgspec.Struct, frozen=True):
    """How a check ended on one submission; `warning` is for the author."""

    status: CheckStatus
    message: str = ""
    warning: str = ""
    seconds: float = 0.0


def outcome_of(error: BaseException | None) -> Outcome | None:  # noqa: PLR0911 - a table, a row an end
    """Decide whose fault the end of a check was.

    Returns
    -------
    Outcome or None
        None if the check fell over: a run of it on the reference can tell why, see `blame`.
    """
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
            return None
    return Outcome(CheckStatus.NOT_RUN, warning=f"the check ended with {_one_line(error)}")


def blame(error: BaseException | None, on_reference: BaseException | None) -> Outcome:
    """Decide whose fault it was that a check fell over.

    If it stands on the reference, with the same inputs, it was the student's answer.

    Parameters
    ----------
    error : BaseException or None
        What ended the check on the student's code.
    on_reference : BaseException or None
        What ended it on the reference.
    """
    if on_reference is not None:
        return Outcome(
            CheckStatus.NOT_RUN, warning=f"fails on the reference too: {_one_line(on_reference)}"
        )
    return Outcome(
        CheckStatus.ERROR,
        "The check could not work with what the function returned.",
        warning=f"fell over the student's answer: {_one_line(error)}. Assert its type first.",
    )


def _message(error: BaseException) -> str:
    return str(error)[:MAX_MESSAGE] or "This does not hold."


def _one_line(error: BaseException | None) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
