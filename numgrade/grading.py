"""The main path: prepare a submission, let pytest check it, conclude.

Runs in a grader, the trusted process that owns the checks, the reference and the expected values.
"""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from numgrade.assignment import derive_seed
from numgrade.autograded import finish
from numgrade.desk import Desk, Graded
from numgrade.errors import CourseError, InfrastructureError, UnreadableSubmission
from numgrade.evaluation import quiet_evaluation
from numgrade.explanation import Examined, Explainer
from numgrade.feedback import feedback_page
from numgrade.illustrations import SECONDS, Illustrator
from numgrade.master import Master, essence
from numgrade.outputs import clean_outcomes
from numgrade.preparation import prepare
from numgrade.results import SubmissionStatus, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numgrade.assignment import Assignment
    from numgrade.checks import Suite
    from numgrade.desk import Job
    from numgrade.illustrations import Pictures
    from numgrade.items import Check
    from numgrade.preparation import Prepared
    from numgrade.repair import Repaired
    from numgrade.results import CheckResult
    from numgrade.sandbox import Sandbox


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
                # All that decides a mark is known: the student's answers are in `examined`.
                prepared.begin_pictures(SECONDS)
                pictures = self._illustrator.draw(prepared.student_for_a_picture)
        except UnreadableSubmission as reason:
            return self._desk.without_checks(job, SubmissionStatus.UNREADABLE, str(reason))
        except InfrastructureError as fault:
            return self._desk.without_checks(job, SubmissionStatus.UNSCORED, str(fault))
        return self._conclude(job, prepared, examined, pictures, started)

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

    def _conclude(
        self,
        job: Job,
        prepared: Prepared,
        examined: list[Examined],
        pictures: Pictures,
        started: float,
    ) -> Graded:
        self._heartbeat(self._limits.submission_seconds)
        submission, repaired = prepared.submission, prepared.repaired
        # In the notebook's order, which is the one that students and instructors know.
        names = self._desk.max_scores
        explained = self._explainer.explain(names, examined, _untouched(repaired, self._master))
        exercises = explained.exercises
        status, score = judge(exercises)
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
                *self._suite.warnings,
                *pictures.warnings,
            ),
            exercises=exercises,
        )
        outcomes = clean_outcomes(submission.outcomes)
        notebook = finish(repaired, outcomes, exercises)
        page = feedback_page(result, repaired, outcomes, explained.hints, pictures.figures)
        return Graded(result, notebook, page)


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
