"""What the tests of grading share: a sandbox, submissions of a few cells, courses of a few lines.

A file of tests that uses these fixtures says `pytest_plugins = ["meta_tests.spine"]`. Since it may
import functions from here before pytest sees that: PYTEST_DONT_REWRITE.
"""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import pytest
from hypothesis import settings

from numgrade.assignment import Assignment, digest_of_checks
from numgrade.checks import with_suite
from numgrade.classroom import fill
from numgrade.desk import Graded, Job
from numgrade.grading import Grader
from numgrade.protection import open_sandbox
from numgrade.protocol import CellDone, RunCell, Stream
from numgrade.repair import RunnableCell
from numgrade.settings import LimitValues
from numgrade.student import Student
from numgrade.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numgrade.checks import Suite
    from numgrade.orders import Order
    from numgrade.results import CheckResult, SubmissionResult
    from numgrade.sandbox import Sandbox, Worker

# A machine that grades is a busy one: how long an example takes says nothing.
settings.register_profile("numgrade", deadline=None)
settings.load_profile("numgrade")

PROJECT = Path(__file__).parents[1]
ASSIGNMENT = "mini"

AMPLE = LimitValues(
    cell_seconds=20, check_seconds=20, submission_seconds=60, memory_mb=256, scratch_mb=4
)
"""Limits that no honest test meets, however busy the machine is."""


def within(**limits: Any) -> LimitValues:  # noqa: ANN401 - as LimitValues has them
    """Return ample limits, but for those that a test is about."""
    return msgspec.structs.replace(AMPLE, **limits)


class ExecutorHere:
    """In the place of `LocalExecutor`: grades in this process, in a sandbox that is there."""

    def __init__(self, sandbox: Sandbox, order: Order) -> None:
        self._sandbox = sandbox
        self._assignment = order.assignment

    def warm_up(self) -> None:
        """There is nothing to start."""

    close = warm_up

    def run(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Return every job's graded submission; start nothing where there is no job."""
        waiting = list(jobs)
        graded: list[Graded] = []

        def drive(suite: Suite) -> None:
            grader = Grader(self._assignment, lambda _: self._sandbox, suite)
            graded.extend(grader.grade(job) for job in waiting)

        if waiting:
            run_suite(self._assignment, drive)
        return iter(graded)


@pytest.fixture
def no_graders(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `numgrade.batch` grade in this process: a grader's takes seconds to start."""
    replacement = lambda order, _: ExecutorHere(sandbox, order)  # noqa: E731 - a stand-in
    monkeypatch.setattr("numgrade.batch.LocalExecutor", replacement)


class HandIn(Protocol):
    """Hands in a notebook of a few code cells, and runs them."""

    def __call__(self, *sources: str, limits: LimitValues = AMPLE) -> Submission:
        """Return the submission; its worker ends with the test."""


class Ask(Protocol):
    """Hands in a notebook of one code cell, and begins a check."""

    def __call__(self, source: str, limits: LimitValues = AMPLE) -> Student:
        """Return the `student` of that check."""


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Return a sandbox at the best level of this machine; a zygote takes a second to start."""
    with open_sandbox(AMPLE, allow_weak=False) as opened:
        yield opened


@pytest.fixture
def hand_in(sandbox: Sandbox) -> Iterator[HandIn]:
    """Return a function that runs code cells in a worker of their own."""
    with ExitStack() as stack:

        def run(*sources: str, limits: LimitValues = AMPLE) -> Submission:
            cells = [RunnableCell(index, text, False) for index, text in enumerate(sources)]  # noqa: FBT003 - no pictures
            submission = Submission(sandbox, cells, limits)
            stack.callback(submission.close)
            submission.run_cells()
            return submission

        yield run


@pytest.fixture
def ask(hand_in: HandIn) -> Ask:
    """Return a function that gives the `student` object of a notebook of one cell."""

    def begin(source: str, limits: LimitValues = AMPLE) -> Student:
        submission = hand_in(source, limits=limits)
        submission.begin_check("exercise")
        return Student(submission)

    return begin


def said(worker: Worker, source: str) -> str:
    """Run a cell; return what it printed."""
    worker.channel.deadline = time.monotonic() + 20
    worker.channel.send(RunCell(1, source, render_figures=False, output_bytes=10_000))
    reply, _ = worker.channel.receive_reply()
    assert isinstance(reply, CellDone)
    assert reply.succeeded, reply
    return "".join(output.text for output in reply.outputs if isinstance(output, Stream))


def write_course(
    root: Path, checks: Mapping[str, str], points: Mapping[str, float], reference: str
) -> Path:
    """Write a course with the assignment "mini", each exercise of which is a function of x.

    Parameters
    ----------
    root : pathlib.Path
        Where to.
    checks : mapping of str to str
        The hidden checks by exercise, without their imports.
    points : mapping of str to float
        The points of the grade cells.
    reference : str
        The reference implementation.
    """
    texts = {
        f"tests/{ASSIGNMENT}/test_{name}.py": f"import numpy as np\nimport pytest\n\n{text}"
        for name, text in checks.items()
    }
    texts["nbgrader_config.py"] = f'c = get_config()\nc.CourseDirectory.course_id = "{ASSIGNMENT}"'
    texts[f"reference/{ASSIGNMENT}.py"] = f"import numpy as np\n\n{reference}"
    texts[f"release/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"] = json.dumps(_release(points))
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def notebook(root: Path, **sources: str) -> bytes:
    """Return the released notebook with solution cells filled in, by exercise."""
    return fill(release_of(root), sources)


def release_of(root: Path) -> bytes:
    """Return the released notebook of a written course."""
    return (root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes()


def assignment_in(
    root: Path, name: str = ASSIGNMENT, limits: LimitValues = AMPLE, secret: bytes = bytes(32)
) -> Assignment:
    """Return what a grader needs to know of a course's assignment."""
    checks, reference = root / "tests" / name, root / "reference" / f"{name}.py"
    release = root / "release" / name / f"{name}.ipynb"
    return Assignment(
        name=name,
        root=str(root),
        release=str(release),
        checks=str(checks),
        limits=limits,
        secret=secret,
        checks_sha256=digest_of_checks(root, checks, reference, release),
    )


def grade_here(
    assignment: Assignment, sandbox: Sandbox, notebooks: Mapping[str, bytes | None]
) -> dict[str, Graded]:
    """Grade notebooks by student, on the whole path of grading, in this process."""
    graded: dict[str, Graded] = {}

    def drive(suite: Suite) -> None:
        grader = Grader(assignment, lambda _: sandbox, suite)
        for student, data in notebooks.items():
            graded[student] = grader.grade(Job(student, data))

    run_suite(assignment, drive)
    return graded


def run_suite(assignment: Assignment, drive: Callable[[Suite], None]) -> None:
    """Call `drive` with an assignment's checks, in a session of pytest within this one."""
    with_suite(Path(assignment.checks), Path(assignment.root), drive)


def checks_of(result: SubmissionResult) -> dict[str, CheckResult]:
    """Return the results of all checks, by their name."""
    return {check.name: check for exercise in result.exercises for check in exercise.checks}


def _release(points: Mapping[str, float]) -> dict[str, Any]:
    cells = []
    for name, worth in points.items():
        stub = f"def {name}(x):\n    raise NotImplementedError\n"
        cells.append(_cell(f"{name}_solution", stub, solution=True))
        cells.append(_cell(name, f"# {name} is checked here\n", grade=True, points=worth))
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _cell(grade_id: str, source: str, **nbgrader: object) -> dict[str, Any]:
    is_locked = not nbgrader.get("solution", False)
    roles = {"grade": False, "solution": False, "locked": is_locked, "task": False, **nbgrader}
    return {
        "cell_type": "code",
        "id": grade_id.replace("_", "-"),
        "source": source,
        "metadata": {"nbgrader": {"schema_version": 3, "grade_id": grade_id, **roles}},
        "outputs": [],
        "execution_count": None,
    }
