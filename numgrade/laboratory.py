"""Share trials among processes: each collects the checks once a lot, and tries its candidates."""

from __future__ import annotations

import gc
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from numgrade.candidates import Candidate, Trial
from numgrade.checks import with_suite
from numgrade.errors import InfrastructureError
from numgrade.master import Master
from numgrade.mutant_trials import MutantTrial, try_mutants
from numgrade.preparation import prepare
from numgrade.protection import open_sandbox
from numgrade.trials import (
    checks_by_exercise,
    seed_of,
    try_here,
    try_in_sandbox,
    try_prepared,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numgrade.assignment import Assignment
    from numgrade.checks import Suite

LOT_SIZE = 24
"""Candidates that one process tries in one go."""

_COLLECT_AFTER = 20_000  # objects; Python's own choice is 700
_WAITING = 1  # process that waits for a sandbox while others compute


class HereLot(msgspec.Struct, frozen=True):
    """Candidates to try in the process that is given the lot."""

    candidates: tuple[Candidate, ...]
    seeds: int

    def work(self, suite: Suite, _assignment: Assignment) -> list[Trial]:
        """Try them."""
        return try_here(suite, self.candidates, self.seeds)


class MutantLot(msgspec.Struct, frozen=True):
    """Mutants to try on the checks of one exercise."""

    candidates: tuple[Candidate, ...]
    reference: Candidate
    seeds: int

    def work(self, suite: Suite, _assignment: Assignment) -> list[MutantTrial]:
        """Try them."""
        checks = checks_by_exercise(suite).get(self.reference.exercise, [])
        return try_mutants(suite, checks, self.candidates, self.reference, self.seeds)


class SandboxLot(msgspec.Struct, frozen=True):
    """Candidates to try in the sandbox, as students' code is."""

    candidates: tuple[Candidate, ...]
    seeds: int

    def work(self, suite: Suite, assignment: Assignment) -> list[Trial]:
        """Try them."""
        limits = assignment.limits
        with open_sandbox(limits, allow_weak=False) as sandbox:
            return try_in_sandbox(suite, self.candidates, sandbox, limits, self.seeds)


class NotebookLot(msgspec.Struct, frozen=True):
    """Whole notebooks to grade in the sandbox: (kind, content) each."""

    notebooks: tuple[tuple[str, bytes], ...]
    seeds: int

    def work(self, suite: Suite, assignment: Assignment) -> list[Trial]:
        """Run the cells of each, and try every exercise of it."""
        trials = []
        master, limits = Master.load(Path(assignment.release)), assignment.limits
        with open_sandbox(limits, allow_weak=False) as sandbox:
            by_exercise = checks_by_exercise(suite)
            for kind, data in self.notebooks:
                with closing(prepare(data, master, sandbox, limits, seed_of(0))) as prepared:
                    for exercise, checks in by_exercise.items():
                        trial = Trial(Candidate(kind, exercise, kind, ""), in_sandbox=True)
                        try_prepared(suite, checks, trial, prepared, self.seeds)
                        trials.append(trial)
        return trials


Lot: TypeAlias = HereLot | MutantLot | SandboxLot | NotebookLot


def in_lots(
    candidates: Sequence[Candidate], size: int = LOT_SIZE
) -> Iterator[tuple[Candidate, ...]]:
    """Share candidates of each exercise into lots."""
    by_exercise: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        by_exercise.setdefault(candidate.exercise, []).append(candidate)
    for alike in by_exercise.values():
        number = -(-len(alike) // size)  # lots of about the same size
        for start in range(number):
            yield tuple(alike[start::number])


def work_through(
    assignment: Assignment,
    lots: Sequence[Lot],
    workers: int | None = None,
    advance: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Trial | MutantTrial]:
    """Try all candidates of all lots, several lots at a time.

    Parameters
    ----------
    assignment : Assignment
        Whose checks they are tried on.
    lots : sequence of Lot
        What to try.
    workers : int, optional
        Processes at work; by default one a core, and one more. 0 works in this process.
    advance : callable, optional
        Called with how many lots are done, and how many there are.

    Raises
    ------
    CourseError
        If the checks or a candidate cannot be loaded.
    InfrastructureError
        If a process ends early, or no sandbox can be opened.
    """
    if workers == 0:
        return [trial for lot in lots for trial in _work(assignment, lot)]
    cores = len(os.sched_getaffinity(0))
    # Not forked: a process of ours has threads, and the checks should be collected afresh.
    context = multiprocessing.get_context("spawn")
    found: list[Trial | MutantTrial] = []
    number = min(workers or cores + _WAITING, len(lots))
    with ProcessPoolExecutor(number, context, initializer=_collect_seldom) as pool:
        try:
            futures = [pool.submit(_work, assignment, lot) for lot in lots]
            for done, future in enumerate(as_completed(futures), 1):
                found += future.result()
                advance(done, len(lots))
        except BrokenProcessPool as error:
            raise InfrastructureError(
                "a process that tries candidates has died: is there a mistake that ends it, or "
                "is memory short?"
            ) from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def _collect_seldom() -> None:
    """Keep the collector, which every session of pytest calls, from looking at what is imported."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)


def _work(assignment: Assignment, lot: Lot) -> list[Trial] | list[MutantTrial]:
    """Collect the checks and work on one lot."""
    found: list[list[Trial] | list[MutantTrial]] = []
    with_suite(
        Path(assignment.checks),
        Path(assignment.root),
        lambda suite: found.append(lot.work(suite, assignment)),
    )
    return found[0]
