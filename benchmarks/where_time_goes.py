"""Where numgrade's time goes, beside the least that it could take.

One grader grades a class on one core, with clocks around its parts: a clock that is inside of
another takes its time from that one's. The floor is the same checks on the same functions in one
process, without isolation, cells or files.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numgrade import grading, preparation, student
from numgrade.checks import Suite, with_suite
from numgrade.explanation import Explainer
from numgrade.gradebook import Gradebook
from numgrade.grading import Grader
from numgrade.handed_in import read_job
from numgrade.illustrations import Illustrator
from numgrade.local import LocalStudent
from numgrade.lookahead import LookAhead
from numgrade.master import Master
from numgrade.notebook import read_notebook
from numgrade.protection import open_sandbox
from numgrade.protocol import Channel
from numgrade.repair import RunnableCell, repair
from numgrade.sandbox import Sandbox, Worker
from numgrade.store import ResultStore
from numgrade.student import Student
from numgrade.submission import Submission
from numgrade.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numgrade.course import Course

MOST = 60
"""Submissions to grade with clocks."""

LOOP = "def ask(f, points):\n    for x in points:\n        f(x)\n"
QUESTIONS = 5000


class Clocks:
    """Time spent in parts of a program, each without the parts inside of it, but for some."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._running: list[str] = []
        self._since = 0.0
        self._whole: set[str] = set()

    def around(self, part: str, owner: Any, name: str, *, whole: bool = False) -> None:  # noqa: ANN401 - a module or class
        """Time a function as a part, which has all that is inside of it if it is a whole."""
        self._whole |= {part} if whole else set()
        timed = getattr(owner, name)

        def function(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the function likes
            if self._running and self._running[-1] in self._whole:
                return timed(*args, **kwargs)
            self._switch()
            self._running.append(part)
            try:
                return timed(*args, **kwargs)
            finally:
                self._switch()
                self._running.pop()

        setattr(owner, name, function)

    def _switch(self) -> None:
        now = time.perf_counter()
        if self._running:
            self.seconds[self._running[-1]] += now - self._since
        self._since = now


def print_where_time_goes(course: Course, assignment: str) -> None:
    """Grade some of a class with clocks, and print where the time went."""
    everybody, cores, clocks = course.students(), os.sched_getaffinity(0), Clocks()
    # From the whole class: copies of one notebook stand next to each other.
    names = everybody[:: -(-len(everybody) // MOST)]
    os.sched_setaffinity(0, {max(cores)})  # grader and workers share a core, as in a run

    def drive(suite: Suite) -> None:
        grader = Grader(
            course.assignment(assignment),
            lambda cells: open_sandbox(course.limits, allow_weak=False, cells=cells),
            suite,
        )
        grader.grade(read_job(course, assignment, names[0]))  # the first warms up
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000)
        floor = _floor(course, assignment, suite, names)
        with _writer(course, assignment) as writer:
            _put_around(clocks)
            started = time.perf_counter()
            for name in names:
                writer.add(grader.grade(_read(course, assignment, name)))
            writer.flush()
            whole = (time.perf_counter() - started) / len(names)
        _print_shares(clocks, whole, len(names))
        print(f"ratio to the floor: {whole / floor:.1f}  (floor {floor * 1e3:.1f} ms a submission)")
        print(f"round trips: {_round_trips(grader):,.0f} a second")
        grader.sandbox.close()

    with_suite(course.checks(assignment), course.root, drive)
    os.sched_setaffinity(0, cores)
    print(f"start-up to first verdict: {_start_up(course, assignment):.1f} s")


def _put_around(clocks: Clocks) -> None:
    clocks.around("read", sys.modules[__name__], "_read")
    clocks.around("read", preparation, "read_notebook")
    clocks.around("read", preparation, "repair")
    clocks.around("fork and kill", Sandbox, "spawn")
    clocks.around("fork and kill", Worker, "kill")
    clocks.around("cells", Submission, "run_cells")
    clocks.around("checks", Suite, "run")
    clocks.around("calls of the student's functions", Student, "_call")
    clocks.around("callbacks", student, "reply_of")
    clocks.around("callbacks", LookAhead, "take_used")
    clocks.around("pictures", Illustrator, "draw", whole=True)
    clocks.around("diagnosis", Explainer, "explain")
    clocks.around("pages", grading, "feedback_page")
    clocks.around("write", grading, "finish")
    clocks.around("write", Writer, "flush")


def _read(course: Course, assignment: str, name: str) -> Any:  # noqa: ANN401 - a clock goes around it
    return read_job(course, assignment, name)


@contextmanager
def _writer(course: Course, assignment: str) -> Iterator[Writer]:
    with (
        tempfile.TemporaryDirectory() as folder,
        ResultStore(Path(folder, "results.jsonl")) as store,
        Gradebook(f"sqlite:///{folder}/gradebook.db") as gradebook,
    ):
        gradebook.ensure_assignment(assignment, course.release(assignment))
        yield Writer(course, assignment, gradebook, store, feedback=True)


def _print_shares(clocks: Clocks, whole: float, count: int) -> None:
    print(f"where time goes, of {whole * 1e3:.1f} ms a submission on one core:")
    for part, seconds in clocks.seconds.most_common():
        print(f"  {part:33s} {seconds / count * 1e3:6.1f} ms  {seconds / count / whole:4.0%}")
    others = whole - sum(clocks.seconds.values()) / count
    print(f"  {'others':33s} {others * 1e3:6.1f} ms  {others / whole:4.0%}")


class _Here:
    """A student's functions in this process."""

    def __init__(self, namespace: dict[str, Any], seed: bytes) -> None:
        self.seed = seed
        self._namespace = namespace

    def student(self, exercise: str) -> LocalStudent:  # noqa: ARG002 - as the protocol has it
        """Return the `student` object for a check."""
        return LocalStudent(self._namespace)

    def close(self) -> None:
        """There is nothing to end."""


def _floor(course: Course, assignment: str, suite: Suite, names: list[str]) -> float:
    """Return the seconds that the checks of a submission take where nothing is isolated."""
    master = Master.load(course.release(assignment))
    subjects = []
    for name in names:
        data = read_job(course, assignment, name).data or b""
        cells = repair(read_notebook(data), master).runnable(
            skip_show_only=True, render_all_figures=False
        )
        subjects.append(_Here(_run_here(cells), name.encode()))
    with redirect_stdout(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        started = time.perf_counter()
        for subject in subjects:
            suite.run(subject)
        return (time.perf_counter() - started) / len(names)


def _run_here(cells: list[RunnableCell]) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    for cell in cells:
        with redirect_stdout(StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                exec(cell.source, namespace)  # noqa: S102 - the banks are our own code
            except Exception:  # noqa: BLE001, S112 - a public example fails, as it should
                continue
    return namespace


def _round_trips(grader: Grader) -> float:
    """Return how many questions of a loop over points without a pattern are answered a second."""
    cell = RunnableCell(cell_index=0, source=LOOP, render_figures=False)
    submission = Submission(grader.sandbox, [cell], grader._limits)  # noqa: SLF001 - ours
    submission.run_cells()
    submission.begin_check("loop")
    points = [(i * 0.618) % 1 + 1 for i in range(QUESTIONS)]
    received = Channel.receive_reply
    questions = []

    def counted(*args: Any) -> Any:  # noqa: ANN401 - as the function likes
        questions.append(1)
        return received(*args)

    Channel.receive_reply = counted  # type: ignore[method-assign]
    started = time.perf_counter()
    Student(submission).ask(lambda x: x * x, points)
    seconds = time.perf_counter() - started
    Channel.receive_reply = received  # type: ignore[method-assign]
    submission.close()
    return len(questions) / seconds


FIRST_VERDICT = """
import sys, time
from pathlib import Path
from numgrade.sparing import import_less
import_less()
from numgrade.batch import Options, grade
from numgrade.course import Course
first = []
options = Options(students=sys.argv[3], force=True)
course = Course.load(Path(sys.argv[1]))
grade(course, sys.argv[2], options, lambda *_: first.append(time.monotonic()))
print(first[0])
"""


def _start_up(course: Course, assignment: str) -> float:
    """Return the seconds from the start of the program to the first result."""
    arguments = str(course.root), assignment, course.students()[0]
    started = time.monotonic()
    command = [sys.executable, "-c", FIRST_VERDICT, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout) - started
