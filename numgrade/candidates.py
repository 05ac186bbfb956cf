"""Candidates that are tried on the checks, and what became of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

from numgrade.results import CheckResult, CheckStatus

if TYPE_CHECKING:
    from collections.abc import Sequence


class Candidate(msgspec.Struct, frozen=True):
    """Code to try on the checks of an exercise.

    Attributes
    ----------
    kind : str
        "reference", "source", "release", "variant", "mistake" or "mutant".
    exercise : str
        The exercise whose checks it is tried on.
    name : str
        What it is called among its kind.
    source : str
        Its code, as a cell of a notebook would hold it.
    """

    kind: str
    exercise: str
    name: str
    source: str


class Tally(msgspec.Struct):
    """What became of one candidate in one check, over all seeds.

    Attributes
    ----------
    runs, passes : int
        How often it was tried, and passed.
    passing : float
        Largest error of a passing run, in units of what was allowed.
    failing : float
        Smallest error of a failing run, in these units; infinite where it was no error that
        failed, but an answer of a wrong kind, or an exception.
    compared : bool
        Whether numbers were compared at all.
    evaluations : int
        Largest number of times that it evaluated the check's functions.
    seconds : float
        Longest run.
    how : set of str
        The ways in which it ended.
    warnings : set of str
        What the author should know of the check.
    """

    runs: int = 0
    passes: int = 0
    passing: float = 0.0
    failing: float = math.inf
    compared: bool = False
    evaluations: int = 0
    seconds: float = 0.0
    how: set[str] = msgspec.field(default_factory=set)
    warnings: set[str] = msgspec.field(default_factory=set)

    @property
    def always_fails(self) -> bool:
        """Whether no seed let it pass."""
        return self.passes == 0

    @property
    def leniency(self) -> tuple[float, int]:
        """How often it passed, and what a run takes: the surest and quickest check sorts first."""
        return self.passes / self.runs if self.runs else 1.0, self.evaluations

    def add(self, result: CheckResult, errors: Sequence[float], evaluations: int) -> None:
        """Add one run: its result, and its errors in units of what was allowed."""
        self.runs += 1
        self.compared |= bool(errors)
        largest = max(errors, default=0.0)
        if result.status is CheckStatus.PASSED:
            self.passes += 1
            self.passing = max(self.passing, largest)
        elif largest > 1:
            self.failing = min(self.failing, largest)
        self.evaluations = max(self.evaluations, evaluations)
        self.seconds = max(self.seconds, result.seconds)
        self.how.add(result.status.value)


class Trial(msgspec.Struct):
    """What became of one candidate.

    Attributes
    ----------
    candidate : Candidate
        Whose trial it is.
    checks : dict of str to Tally
        By the name of the check.
    seeds, full_marks : int
        How many seeds it was tried with, and with how many it lost nothing.
    in_sandbox : bool
        Whether it ran in the sandbox rather than in the process of the trial.
    cut_off : bool
        Whether it took too long and was given up.
    """

    candidate: Candidate
    checks: dict[str, Tally] = msgspec.field(default_factory=dict)
    seeds: int = 0
    full_marks: int = 0
    in_sandbox: bool = False
    cut_off: bool = False

    def lost(self) -> list[str]:
        """Return the checks that it has failed with some seed."""
        return [name for name, tally in self.checks.items() if tally.passes < tally.runs]
