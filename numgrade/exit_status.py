"""How a command ends: its exit status, and what it says and writes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from numgrade.results import SubmissionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numgrade.results import SubmissionResult

ALL_SCORED, SOME_UNSCORED, WRONG_USE = 0, 1, 2


def notice(sentence: str) -> None:
    """Say something on standard error."""
    print(f"numgrade: {sentence}", file=sys.stderr)  # noqa: T201


def status_of(results: Iterable[SubmissionResult]) -> int:
    """Name each submission that has no score, and why; return the exit status."""
    status = ALL_SCORED
    for result in results:
        if result.status is SubmissionStatus.UNSCORED:
            status = SOME_UNSCORED
            reason = result.warnings[-1] if result.warnings else "a check could not be run"
            notice(f"{result.student} is unscored: {reason}")
    return status


def print_bytes(lines: Iterable[bytes]) -> None:
    """Write to standard output, for as long as somebody reads."""
    try:
        sys.stdout.buffer.writelines(lines)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever reads has had enough, as `head` does after some lines
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
