"""Try candidates on the hidden checks, in this process and in the sandbox, over many seeds.

A candidate is code of the course's own: the reference, a variant, a mistake, a mutant. Each is
tried on the checks of its exercise alone. Students' code is never run here.
"""

from __future__ import annotations

import hashlib
import math
from contextlib import closing
from typing import TYPE_CHECKING, Any

import msgspec

from numgrade.candidates import Candidate, Tally, Trial
from numgrade.codec import pack_all
from numgrade.deadline import deadline, silently, start_clock, stop_clock
from numgrade.errors import CourseError, StudentError
from numgrade.evaluation import Evaluations, quiet_evaluation
from numgrade.local import LocalStudent, call_here
from numgrade.memory import remembering
from numgrade.observation import observed
from numgrade.preparation import Prepared
from numgrade.repair import Repaired, RepairedCell
from numgrade.results import CheckStatus
from numgrade.student import CallRecord, pack_call
from numgrade.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numgrade.checks import Suite
    from numgrade.items import Check
    from numgrade.results import CheckResult
    from numgrade.sandbox import Sandbox
    from numgrade.settings import LimitValues

_SECONDS_OF_A_MISTAKE = 0.5
_MEASURING_SEEDS = 40
_CUT_OFFS = 2
"""Checks in which a candidate may be cut off; then it is given up, and loses the rest."""


class Watched(LocalStudent):
    """A `student` in this process that counts evaluations and writes down what was said.

    Attributes
    ----------
    evaluations : int
        How often the functions of the check were evaluated.
    transcript : hashlib hash, optional
        Digest of all answers and of where the functions were evaluated, in whatever order.
    """

    def __init__(self, namespace: dict[str, Any], *, transcribe: bool = False) -> None:
        super().__init__(namespace)
        self.evaluations = 0
        self.names: set[str] = set()
        self.transcript = hashlib.sha256() if transcribe else None

    def value(self, name: str) -> Any:  # noqa: ANN401 - whatever the namespace holds
        """Return the value of a plain variable."""
        self.names.add(name)
        value = super().value(name)
        self._note(name, value, ())
        return value

    def _call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:  # noqa: ANN401
        """Call a function as `LocalStudent` does, without recording the call for a diagnosis."""
        self.names.add(name)
        sent = pack_call(name, args, kwargs)
        records = tuple([Evaluations() for _ in sent.callables])
        try:
            with quiet_evaluation():
                value, changed = call_here(self._namespace, name, sent, records)
        except StudentError as error:
            self._note(name, f"{type(error).__name__}: {error}", ())
            raise
        finally:
            self.evaluations += sum([record.count for record in records])
        after = tuple([changed.get(place, arg) for place, arg in enumerate(args)])
        self.last_call = CallRecord(after, records)
        self._note(name, value, records)
        return value

    def _note(self, name: str, value: Any, records: tuple[Evaluations, ...]) -> None:  # noqa: ANN401
        if self.transcript is None:
            return
        points = [sorted(repr(pack_all(point)) for point in record.points) for record in records]
        counts = [record.count for record in records]
        self.transcript.update(repr((name, pack_all([value]), counts, points)).encode())


class Here:
    """A candidate in this process, as the subject of the checks."""

    def __init__(self, namespace: dict[str, Any], seed: bytes, *, transcribe: bool = False) -> None:
        self.seed = seed
        self._namespace = namespace
        self._transcribe = transcribe
        self.latest = Watched(namespace)

    def student(self, exercise: str) -> Watched:  # noqa: ARG002 - as the protocol has it
        """Return a fresh `student`."""
        self.latest = Watched(self._namespace, transcribe=self._transcribe)
        return self.latest

    def transcript(self) -> bytes:
        """Return the digest of all that the candidate did in the latest check."""
        assert self.latest.transcript is not None  # noqa: S101 - whoever asks has had it written
        return self.latest.transcript.digest()

    def close(self) -> None:
        """There is nothing to end."""


def seed_of(number: int) -> bytes:
    """Return the seed of that number: the same in every verification."""
    return f"verify {number}".encode()


def try_here(suite: Suite, candidates: Sequence[Candidate], seeds: int) -> list[Trial]:
    """Try candidates in this process, on the checks of their exercises, with each seed.

    Right solutions meet all checks with all seeds. So do mistakes with the first seeds, which
    measures their errors; with the others a mistake has lost, as it should, at the first check
    that it fails, and is asked no more. The checks that have caught it always come first.

    Returns
    -------
    list of Trial
        In the order of the candidates.

    Raises
    ------
    CourseError
        If the code of a candidate does not run.
    """
    trials = [Trial(candidate) for candidate in candidates]
    spaces = [namespace_of(candidate) for candidate in candidates]
    # Quiet once for all: to become quiet takes longer than many a call.
    with silently(), deadline(), quiet_evaluation():
        by_exercise = checks_by_exercise(suite)
        for number in range(seeds):
            with remembering():  # with the same seed all candidates get the same inputs
                for trial, namespace in zip(trials, spaces, strict=True):
                    if not trial.cut_off:
                        checks = by_exercise.get(trial.candidate.exercise, [])
                        is_measured = number < measuring_seeds(seeds)
                        is_brief = trial.candidate.kind == "mistake" and not is_measured
                        subject = Here(namespace, seed_of(number))
                        _try_once(suite, checks, trial, subject, is_brief=is_brief)
    return trials


def measuring_seeds(seeds: int) -> int:
    """Return with how many of all seeds mistakes are tried on all checks."""
    return min(seeds, max(_MEASURING_SEEDS, seeds // 5))


def _try_once(
    suite: Suite, checks: Sequence[Check], trial: Trial, subject: Here, *, is_brief: bool
) -> None:
    """Try a candidate with one seed, and add up what became of it; in brief, until it loses."""
    cut_offs, lost = 0, False
    if is_brief:
        checks = sorted(checks, key=lambda check: trial.checks[check.name].leniency)
    for check in checks:
        result, errors = run_check(suite, check, subject)
        tally = trial.checks.setdefault(check.name, Tally())
        tally.add(result, errors, subject.latest.evaluations)
        tally.warnings.update(suite.warnings)
        lost |= result.points < result.max_points
        cut_offs += result.status is CheckStatus.TIMED_OUT
        if cut_offs == _CUT_OFFS:
            trial.cut_off = True
        if trial.cut_off or (is_brief and lost):
            break
    trial.seeds += 1
    trial.full_marks += not lost


def run_check(suite: Suite, check: Check, subject: Any) -> tuple[CheckResult, list[float]]:  # noqa: ANN401 - a Subject
    """Run one check; return its result, and its errors in units of what was allowed."""
    errors: list[float] = []

    def observe(error: float, allowed: float) -> None:
        errors.append(error / allowed if allowed else math.inf if error else 0.0)

    with observed(observe):
        start_clock()
        try:
            (results,) = suite.run(subject, checks=[check]).values()
        finally:
            stop_clock()
    return results[0], errors


def names_asked_for(suite: Suite, reference: Candidate) -> dict[str, set[str]]:
    """Return, by exercise, the names that checks ask the reference for."""
    namespace, asked = namespace_of(reference), dict[str, set[str]]()
    with silently(), deadline():
        for exercise, checks in checks_by_exercise(suite).items():
            for check in checks:
                subject = Here(namespace, seed_of(0))
                run_check(suite, check, subject)
                asked.setdefault(exercise, set()).update(subject.latest.names)
    return asked


def try_in_sandbox(
    suite: Suite,
    candidates: Sequence[Candidate],
    sandbox: Sandbox,
    limits: LimitValues,
    seeds: int,
) -> list[Trial]:
    """Try candidates in the sandbox, each as a notebook of one cell.

    Mistakes get little time: one that does not come back loses marks however long it is given.
    """
    trials = []
    brief = msgspec.structs.replace(
        limits, check_seconds=min(limits.check_seconds, _SECONDS_OF_A_MISTAKE)
    )
    for candidate in candidates:
        cell = RepairedCell(
            id="candidate", cell_type="code", source=candidate.source, is_students=True, runs=True
        )
        repaired = Repaired(cells=(cell,), metadata={})
        allowed = brief if candidate.kind == "mistake" else limits
        submission = Submission(sandbox, repaired.runnable(), allowed)
        submission.run_cells()
        trial = Trial(candidate, in_sandbox=True)
        with closing(Prepared(submission, b"", repaired)) as prepared:
            checks = checks_by_exercise(suite).get(candidate.exercise, [])
            try_prepared(suite, checks, trial, prepared, seeds)
        trials.append(trial)
    return trials


def try_prepared(
    suite: Suite, checks: Sequence[Check], trial: Trial, prepared: Prepared, seeds: int
) -> None:
    """Try a submission whose cells have run on some checks, with several seeds.

    A mistake meets no further check once it has lost points: all of them have been tried here.
    """
    for number in range(seeds):
        prepared.seed = seed_of(number)
        lost = False
        for check in checks:
            ((result,),) = suite.run(prepared, checks=[check]).values()
            trial.checks.setdefault(result.name, Tally()).add(result, (), 0)
            lost |= result.points < result.max_points
            if lost and trial.candidate.kind == "mistake":
                break
        trial.seeds += 1
        trial.full_marks += not lost


def namespace_of(candidate: Candidate) -> dict[str, Any]:
    """Run the code of a candidate in this process; return the names that it defines.

    Raises
    ------
    CourseError
        If it does not run.
    """
    namespace: dict[str, Any] = {"__name__": "candidate"}
    try:
        with silently(), deadline():
            start_clock()
            exec(compile(candidate.source, candidate.name, "exec"), namespace)  # noqa: S102 - ours
    except (Exception, SystemExit) as error:
        raise CourseError(
            f"{candidate.exercise}, {candidate.kind} {candidate.name}: "
            f"{type(error).__name__}: {error}"
        ) from error
    return namespace


def checks_by_exercise(suite: Suite) -> dict[str, list[Check]]:
    """Return the checks of each exercise, in their order."""
    found: dict[str, list[Check]] = {}
    for check in suite.checks:
        found.setdefault(check.exercise, []).append(check)
    return found
