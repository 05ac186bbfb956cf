"""The main path: prepare a submission, let pytest check it, conclude.

Runs in a grader, the trusted process that owns the checks, the reference and the expected values.
"""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from numgrade import behaviour, illustrations
from numgrade.assignment import derive_seed
from numgrade.autograded import finish
from numgrade.behaviour import is_unexplained
from numgrade.desk import Desk, Graded
from numgrade.errors import CourseError, InfrastructureError, UnreadableSubmission
from numgrade.evaluation import quiet_evaluation
from numgrade.explanation import Examined, Explainer
from numgrade.feedback import feedback_page
from numgrade.illustrations import Illustrator
from numgrade.master import Master, essence
from numgrade.outputs import clean_outcomes
from numgrade.preparation import prepare
from numgrade.results import SubmissionStatus, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from numgrade.assignment import Assignment
    from numgrade.checks import Suite
    from numgrade.desk import Job
    from numgrade.items import Check
    from numgrade.preparation import Prepared
    from numgrade.repair import Repaired
    from numgrade.results import CheckResult, ExerciseResult
    from numgrade.sandbox import Sandbox

_NOBODY = ""
"""No student's name: inputs drawn for it are the same for the whole class."""


class Grader:
    """Grades the submissions of one assignment, one after another.

    Parameters
    ----------
    assignment : Assignment
        The assignment.
    open_sandbox : callable
        Starts a sandbox, given the cells that every worker will run; called again should one be
        lost.
    suite : Suite
        The assignment's hidden checks.
    heartbeat : callable, optional
        Called with the seconds within which the next sign of life is due.
    """

    def __init__(
        self,
        assignment: Assignment,
        open_sandbox: Callable[[Sequence[str]], Sandbox],
        suite: Suite,
        heartbeat: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._assignment = assignment
        self._limits = assignment.limits
        self._open_sandbox = open_sandbox
        self._suite = suite
        self._heartbeat = heartbeat
        self._master = Master.load(Path(assignment.release))
        self._desk = Desk.of(assignment, self._master)
        _compare(self._desk.max_scores, suite.max_scores())
        self._explainer = Explainer(assignment, suite)
        self._illustrator = Illustrator(Path(assignment.checks), suite.reference)
        self.sandbox = open_sandbox(self._master.locked_code)

    def grade(self, job: Job) -> Graded:
        """Grade one submission: prepare, check, conclude."""
        started = time.perf_counter()
        if job.data is None:
            return self._desk.without_data(job)
        examined: list[Examined] = []
        try:
            with closing(self._prepare(job.student, job.data)) as prepared, quiet_evaluation():

                def examine(check: Check, result: CheckResult) -> None:
                    examined.append(Examined(check, result, prepared.take_recording()))

                self._suite.run(prepared, self._before_check, examine)
                findings = self._look_into(prepared, examined)
        except UnreadableSubmission as reason:
            return self._desk.without_checks(job, SubmissionStatus.UNREADABLE, str(reason))
        except InfrastructureError as fault:
            return self._desk.without_checks(job, SubmissionStatus.UNSCORED, str(fault))
        return self._conclude(job, prepared, findings, started)

    def _prepare(self, student: str, data: bytes) -> Prepared:
        self._heartbeat(self._limits.submission_seconds)
        if not self.sandbox.alive:
            self.sandbox.close()
            self.sandbox = self._open_sandbox(self._master.locked_code)
        seed = derive_seed(self._assignment, student)
        return prepare(data, self._master, self.sandbox, self._limits, seed)

    def _before_check(self, _name: str) -> None:
        # A check may have to bring its worker back first, which runs the cells again.
        self._heartbeat(self._limits.submission_seconds)

    def _look_into(self, prepared: Prepared, examined: list[Examined]) -> _Findings:
        """Explain what failed; then ask the student's code what counts for nothing any more."""
        self._heartbeat(self._limits.submission_seconds)
        warnings = tuple(self._suite.warnings)
        # In the notebook's order, which is the one that students and instructors know.
        names = self._desk.max_scores
        untouched = _untouched(prepared.repaired, self._master)
        explained = self._explainer.explain(names, examined, untouched)
        pictures = self._illustrator.draw(prepared.afterwards(illustrations.SECONDS).student)
        exercises = tuple(
            self._told_apart(prepared, exercise)
            if is_unexplained(exercise) and exercise.name not in untouched
            else exercise
            for exercise in explained.exercises
        )
        if not self.sandbox.alive:
            raise InfrastructureError("the sandbox ended while a submission was looked into")
        return _Findings(
            exercises, explained.hints, pictures.figures, (*warnings, *pictures.warnings)
        )

    def _told_apart(self, prepared: Prepared, exercise: ExerciseResult) -> ExerciseResult:
        """Note how wrong answers without a name behave, on inputs that are the class's."""
        self._heartbeat(self._limits.submission_seconds)
        subject = prepared.afterwards(behaviour.SECONDS, derive_seed(self._assignment, _NOBODY))
        found = behaviour.behaviour_of(self._suite, subject, exercise.name)
        return msgspec.structs.replace(exercise, behaviour=found)

    def _conclude(
        self, job: Job, prepared: Prepared, findings: _Findings, started: float
    ) -> Graded:
        self._heartbeat(self._limits.submission_seconds)
        submission, repaired = prepared.submission, prepared.repaired
        status, score = judge(findings.exercises)
        result = self._desk.record(
            job,
            status,
            score,
            protection=self.sandbox.level,
            seconds=round(time.perf_counter() - started, 6),
            warnings=(
                *job.warnings,
                *repaired.warnings,
                *submission.warnings,
                *findings.warnings,
            ),
            exercises=findings.exercises,
        )
        outcomes = clean_outcomes(submission.outcomes)
        notebook = finish(repaired, outcomes, findings.exercises)
        page = feedback_page(result, repaired, outcomes, findings.hints, findings.figures)
        return Graded(result, notebook, page)


class _Findings(NamedTuple):
    """What came out of a submission's checks, and of what was asked afterwards."""

    exercises: tuple[ExerciseResult, ...]
    hints: dict[str, str]
    figures: dict[str, list[Markup]]
    warnings: tuple[str, ...]


def _untouched(repaired: Repaired, master: Master) -> set[str]:
    """Return the exercises whose solution cell is as it was released."""
    return {
        cell.grade_id.removesuffix("_solution")
        for cell in repaired.cells
        if cell.grade_id and cell.is_students and essence(cell.source) in master.stubs
    }


def _compare(expected: dict[str, float], checked: dict[str, float]) -> None:
    """Check that the points of the checks are those of the grade cells.

    Raises
    ------
    CourseError
        If a grade cell has no checks, or other points than its checks.
    """
    if expected == checked:
        return
    lines = [
        f"  {name}: {expected.get(name, 'no')} points in the release, "
        f"{checked.get(name, 'no')} in the checks"
        for name in sorted(expected.keys() | checked.keys())
        if expected.get(name) != checked.get(name)
    ]
    raise CourseError("release and checks disagree:\n" + "\n".join(lines))
