"""Try mutants of the reference on the checks: each is killed, or does what the reference does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from numgrade.candidates import Candidate
from numgrade.deadline import deadline, silently
from numgrade.errors import CourseError
from numgrade.results import CheckStatus
from numgrade.trials import Here, namespace_of, run_check, seed_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numgrade.checks import Suite
    from numgrade.items import Check

ENOUGH_SEEDS = 10
"""A mutant that differs from the reference is tried with so many: it loses marks with each."""


class MutantTrial(msgspec.Struct):
    """What became of one mutant.

    Attributes
    ----------
    candidate : Candidate
        The mutant.
    seeds, kills : int
        How many seeds it was tried with, and with how many it lost marks.
    is_equivalent : bool
        Whether it gave bit for bit the reference's answers, and evaluated the checks' functions
        at the same points, with every seed.
    killers : dict of str to int
        How often each check was the one that killed it.
    """

    candidate: Candidate
    seeds: int = 0
    kills: int = 0
    is_equivalent: bool = False
    killers: dict[str, int] = msgspec.field(default_factory=dict)

    @property
    def is_killed(self) -> bool:
        """Whether it lost marks with every seed."""
        return self.kills == self.seeds > 0


def try_mutants(
    suite: Suite,
    checks: Sequence[Check],
    mutants: Sequence[Candidate],
    reference: Candidate,
    seeds: int,
) -> list[MutantTrial]:
    """Try mutants on the checks of one exercise, in this process."""
    model = _Model(suite, reference)
    with silently(), deadline():
        return [_try_mutant(suite, checks, mutant, model, seeds) for mutant in mutants]


class _Model:
    """What the reference does in each check with each seed, found out once."""

    def __init__(self, suite: Suite, reference: Candidate) -> None:
        self._suite = suite
        self._namespace = namespace_of(reference)
        self._known: dict[tuple[str, int], bytes] = {}

    def transcript(self, check: Check, number: int) -> bytes:
        """Return the digest of all that the reference does in a check."""
        key = check.item.nodeid, number
        if key not in self._known:
            subject = Here(self._namespace, seed_of(number), transcribe=True)
            run_check(self._suite, check, subject)
            self._known[key] = subject.transcript()
        return self._known[key]


def _try_mutant(
    suite: Suite, checks: Sequence[Check], mutant: Candidate, model: _Model, seeds: int
) -> MutantTrial:
    trial = MutantTrial(mutant)
    try:
        namespace = namespace_of(mutant)
    except CourseError:  # it does not even run
        trial.seeds = trial.kills = seeds
        return trial
    order, same = list(checks), True
    for number in range(seeds):
        trial.seeds += 1
        for check in order:
            subject = Here(namespace, seed_of(number), transcribe=same)
            result, _ = run_check(suite, check, subject)
            if result.points < result.max_points:
                trial.kills += 1
                trial.killers[check.name] = trial.killers.get(check.name, 0) + 1
                order.remove(check)
                order.insert(0, check)  # what has killed it once is asked first
                same = False
                break
            same = same and subject.transcript() == model.transcript(check, number)
        was_cut_off = trial.kills and result.status is CheckStatus.TIMED_OUT
        # Neither will be found equivalent; more seeds would tell nothing that matters.
        if not same and (number + 1 >= ENOUGH_SEEDS or was_cut_off):
            break
    trial.is_equivalent = same
    return trial
