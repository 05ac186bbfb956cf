"""`numgrade verify`: try on the checks of an assignment what should pass, and what should not.

The reference, the instructor's own solutions, the release as it is, the banks and the mutants of
the reference are tried on the checks. What should hold of the outcome is a list of claims, a
function each.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from numgrade.banks import read_banks
from numgrade.candidates import Candidate, Trial
from numgrade.checks import with_suite
from numgrade.claims import Claim, Evidence, claims_of, notes_of
from numgrade.errors import CourseError
from numgrade.illustrations import Illustrator
from numgrade.laboratory import HereLot, MutantLot, NotebookLot, SandboxLot, in_lots, work_through
from numgrade.margins import Margin, margins_of
from numgrade.master import Master
from numgrade.mutant_trials import MutantTrial
from numgrade.mutants import mutants_of, read_fair_mutants
from numgrade.trials import names_asked_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from numgrade.assignment import Assignment
    from numgrade.checks import Suite
    from numgrade.course import Course
    from numgrade.laboratory import Lot

SEEDS = 200
SANDBOX_SEEDS = 2
_NOTEBOOK_SEEDS = 10


class Effort(msgspec.Struct, frozen=True, kw_only=True):
    """How hard to look.

    Attributes
    ----------
    seeds : int
        With how many seeds each candidate is tried in process.
    sandbox_seeds : int
        With how many in the sandbox.
    workers : int, optional
        Processes at work; by default one a core. 0 works in this process.
    """

    seeds: int = SEEDS
    sandbox_seeds: int = SANDBOX_SEEDS
    workers: int | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was found out about an assignment's checks.

    Attributes
    ----------
    assignment : str
        Its name.
    seeds : int
        With how many seeds candidates were tried.
    claims : tuple of Claim
        What should hold, and what speaks against it.
    notes : tuple of str
        What the author should know, though nothing is wrong with it.
    margins : tuple of Margin
        One a check.
    evaluations : dict
        By (exercise, check): how often the hungriest right solution evaluates functions in it,
        which is a round trip each, and its name.
    counts : dict of str to int
        How many candidates of each kind there were.
    seconds, cpu_seconds : float
        What it took.
    """

    assignment: str
    seeds: int
    claims: tuple[Claim, ...]
    notes: tuple[str, ...]
    margins: tuple[Margin, ...]
    evaluations: dict[tuple[str, str], tuple[int, str]]
    counts: dict[str, int]
    seconds: float
    cpu_seconds: float

    @property
    def holds(self) -> bool:
        """Whether all claims hold."""
        return all(claim.holds for claim in self.claims)


def verify(
    course: Course,
    name: str,
    effort: Effort | None = None,
    advance: Callable[[int, int], None] = lambda _done, _all: None,
) -> Report:
    """Try everything there is on the checks of an assignment.

    Parameters
    ----------
    course : Course
        The course.
    name : str
        The assignment.
    effort : Effort, optional
        How hard to look.
    advance : callable, optional
        Called with how much of the work is done, and how much there is.

    Raises
    ------
    CourseError
        If the course is so broken that candidates cannot be tried.
    InfrastructureError
        If this machine cannot try them.
    """
    effort = effort or Effort()
    started, cpu_started = time.perf_counter(), _cpu_seconds()
    assignment = course.assignment(name)
    checks = _look_at_checks(assignment, course.reference(name))
    candidates = _bank_candidates(assignment, checks)
    mutants = _mutant_candidates(checks)
    lots = _lots(course, name, candidates, mutants, effort)
    trials = work_through(assignment, lots, effort.workers, advance)
    evidence = _evidence(assignment, checks, trials)
    return Report(
        assignment=name,
        seeds=effort.seeds,
        claims=tuple(claims_of(evidence)),
        notes=tuple(notes_of(evidence)),
        margins=evidence.margins,
        evaluations=evidence.evaluations(),
        counts=_counts([*candidates, *mutants]),
        seconds=time.perf_counter() - started,
        cpu_seconds=_cpu_seconds() - cpu_started,
    )


class _Checks(msgspec.Struct, frozen=True):
    """What a look at the collected checks tells, before anything is tried."""

    order: dict[tuple[str, str], int]
    points: dict[str, float]
    names: dict[str, set[str]]
    reference: str
    undrawn: tuple[str, ...]


def _look_at_checks(assignment: Assignment, path: Path) -> _Checks:
    """Collect the checks, and see which names they ask for."""
    try:
        reference = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: {error}") from error
    found: list[_Checks] = []

    def look(suite: Suite) -> None:
        order = {(check.exercise, check.name): at for at, check in enumerate(suite.checks)}
        names = names_asked_for(suite, Candidate("reference", "", "reference", reference))
        pictures = Illustrator(Path(assignment.checks), suite.reference)
        points = suite.max_scores()
        found.append(_Checks(order, points, names, reference, tuple(pictures.faults(points))))

    with_suite(Path(assignment.checks), Path(assignment.root), look)
    return found[0]


def _bank_candidates(assignment: Assignment, checks: _Checks) -> list[Candidate]:
    """Return the reference, for each exercise, and the banks; those with most checks first."""
    found = [
        Candidate("reference", exercise, "reference", checks.reference)
        for exercise in checks.points
    ]
    for solution in read_banks(Path(assignment.checks)):
        if solution.exercise not in checks.points:
            raise CourseError(f"{solution.path}: there is no test_{solution.exercise}.py")
        kind = "variant" if solution.is_right else "mistake"
        found.append(Candidate(kind, solution.exercise, solution.name, solution.source))
    number = Counter(exercise for exercise, _ in checks.order)
    return sorted(found, key=lambda one: number[one.exercise], reverse=True)


def _mutant_candidates(checks: _Checks) -> list[Candidate]:
    """Return the mutants of what each exercise needs of the reference."""
    return [
        Candidate("mutant", exercise, mutant.name, mutant.source)
        for exercise, names in checks.names.items()
        for mutant in mutants_of(checks.reference, names)
    ]


def _lots(
    course: Course,
    name: str,
    candidates: list[Candidate],
    mutants: list[Candidate],
    effort: Effort,
) -> list[Lot]:
    """Return the work, the longest first: the sandbox's, which waits a lot, beside the others."""
    references = {one.exercise: one for one in candidates if one.kind == "reference"}
    notebooks = (
        ("release", course.release(name).read_bytes()),
        ("source", course.source(name).read_bytes()),
    )
    from_banks = [one for one in candidates if one.kind != "reference"]
    halves = tuple(from_banks[::2]), tuple(from_banks[1::2])  # each takes a sandbox of its own
    return [
        *(SandboxLot(half, effort.sandbox_seeds) for half in halves if half),
        *(HereLot(lot, effort.seeds) for lot in in_lots(candidates)),
        *(
            MutantLot(lot, references[lot[0].exercise], effort.seeds)
            for lot in in_lots(mutants, len(mutants))
        ),
        NotebookLot(notebooks, min(effort.seeds, _NOTEBOOK_SEEDS)),
    ]


def _evidence(
    assignment: Assignment, checks: _Checks, found: list[Trial | MutantTrial]
) -> Evidence:
    """Sort what was found out, in the order of the checks."""
    exercises = list(checks.points)

    def place(trial: Trial | MutantTrial) -> tuple[int, str, str]:
        candidate = trial.candidate
        return exercises.index(candidate.exercise), candidate.kind, candidate.name

    trials = sorted((one for one in found if isinstance(one, Trial)), key=place)
    mutants = sorted((one for one in found if isinstance(one, MutantTrial)), key=place)
    here = [trial for trial in trials if not trial.in_sandbox]
    margins = sorted(
        margins_of(here), key=lambda margin: checks.order[margin.exercise, margin.check]
    )
    master = Master.load(Path(assignment.release))
    return Evidence(
        expected_points={
            name: points for name, points in master.points.items() if name not in master.manual
        },
        points=checks.points,
        trials=tuple(trials),
        mutants=tuple(mutants),
        margins=tuple(margins),
        fair_mutants=read_fair_mutants(Path(assignment.checks)),
        limits=assignment.limits,
        undrawn=checks.undrawn,
    )


def _counts(candidates: list[Candidate]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for candidate in candidates:
        counts[candidate.kind] = counts.get(candidate.kind, 0) + 1
    return counts


def _cpu_seconds() -> float:
    """Return the processor time of this process and of those that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
