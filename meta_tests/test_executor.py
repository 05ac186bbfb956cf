"""Graders come and go; every job comes back exactly once, graded or with the reason why not."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import assignment_in, notebook, release_of, write_course
from numgrade import executor, orders
from numgrade.desk import Job
from numgrade.errors import CourseError, InfrastructureError
from numgrade.executor import LocalExecutor, Lost
from numgrade.orders import Order

if TYPE_CHECKING:
    import socket

    from numgrade.desk import Graded

pytest_plugins = ["meta_tests.spine"]

REFERENCE = "def double(x):\n    return 2 * x\n"
CHECK = """
import os, pathlib, time

@pytest.mark.points(1)
def test_it(student):
    answer = student.double(1.0)
    if answer == "kill":
        os.kill(os.getpid(), 9)
    if answer == "hang":
        pathlib.Path(__file__).with_name("hanging").touch()
        time.sleep(1000)
    assert answer == 2
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course whose check does to its grader what the student's answer says."""
    return write_course(tmp_path, {"double": CHECK}, {"double": 1}, REFERENCE)


def answering(course: Path, answer: str, before: str = "") -> bytes:
    """Return a notebook whose function returns `answer`."""
    return notebook(course, double=f"{before}\ndef double(x):\n    return {answer}")


def run(
    course: Path, jobs: list[Job], workers: int = 1, seconds: float = 60
) -> dict[str, Graded | Lost]:
    """Run jobs and return what came back, by student; fail if that takes for ever."""

    def take_all() -> list[Graded | Lost]:
        order = Order(assignment_in(course), allow_weak=False, core=None)
        return list(LocalExecutor(order, workers).run(jobs))

    pool = ThreadPoolExecutor(1)
    try:
        ended = pool.submit(take_all).result(seconds)
    finally:
        pool.shutdown(wait=False)
    students = [end.job.student if isinstance(end, Lost) else end.result.student for end in ended]
    assert sorted(students) == sorted(job.student for job in jobs)
    return dict(zip(students, ended, strict=True))


def scores(results: dict[str, Graded | Lost]) -> dict[str, float | str | None]:
    """Return the score of each job, or why there is none."""
    return {
        student: end.reason if isinstance(end, Lost) else end.result.score
        for student, end in results.items()
    }


def test_large_jobs_and_large_results_do_not_block_each_other(course: Path) -> None:
    """Coordinator and grader never wait for each other, each with something large to say."""
    chatty = answering(course, "2.0", before="print('x' * 900_000)")
    large = chatty[:-1] + b', "padding": "' + b"x" * 3_000_000 + b'"}'
    results = run(course, [Job(f"s{number}", large) for number in range(5)])
    assert scores(results) == dict.fromkeys(results, 1)
    for end in results.values():
        assert not isinstance(end, Lost)
        assert len(end.notebook or b"") > 500_000


def test_a_submission_that_takes_graders_down_comes_back_unscored(course: Path) -> None:
    """It is given up after the second grader; the others are graded, each by whoever is left."""
    answers = {"one": "2", "kills": "'kill'", "two": "2", "three": "3", "four": "2"}
    jobs = [Job(student, answering(course, answer)) for student, answer in answers.items()]
    results = run(course, [*jobs, Job("missing", None), Job("broken", b"")], workers=2)
    assert scores(results) == {
        "one": 1,
        "two": 1,
        "three": 0,
        "four": 1,
        "missing": 0,
        "broken": 0,
        "kills": "The grader was lost 2 times while it had this submission.",
    }


def test_a_check_that_hangs_is_noticed(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A grader without a sign of life is killed; what it had not begun is graded by the next."""
    hanging = course / "tests" / "mini" / "hanging"

    def monotonic() -> float:
        """Return the time, and let an hour pass when the check hangs."""
        hours = 3600.0 if hanging.exists() else 0.0
        hanging.unlink(missing_ok=True)
        return time.monotonic() + hours

    monkeypatch.setattr(executor, "time", SimpleNamespace(monotonic=monotonic))
    jobs = [Job("hangs", answering(course, "'hang'")), Job("waits", answering(course, "2"))]
    results = run(course, jobs)
    assert scores(results) == {
        "hangs": "The grader was lost 2 times while it had this submission.",
        "waits": 1,
    }


def test_graders_that_never_grade_end_the_run(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When grader after grader dies at its start, it is the machine's fault, and said so."""
    monkeypatch.setattr(executor, "MAX_LOST_IN_A_ROW", 1)
    (course / "tests" / "mini" / "conftest.py").write_text("import os\nos._exit(1)\n")
    jobs = [Job(f"s{number}", release_of(course)) for number in range(4)]
    with pytest.raises(InfrastructureError, match="2 graders in a row were lost"):
        run(course, jobs)


def test_a_broken_course_is_the_courses_fault(course: Path) -> None:
    """What a grader finds wrong with the course arrives as what it is."""
    (course / "tests" / "mini" / "test_double.py").write_text("import nowhere\n")
    with pytest.raises(CourseError, match="No module named 'nowhere'"):
        run(course, [Job("s", release_of(course))])


def test_a_run_that_is_abandoned_leaves_nobody_behind(course: Path) -> None:
    """Whoever stops listening has no graders left, nor descriptors."""
    before = children(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - descriptors
    order = Order(assignment_in(course), allow_weak=False, core=None)
    jobs = [Job(f"s{number}", answering(course, "2")) for number in range(20)]
    results = LocalExecutor(order, 1).run(jobs)
    next(results)
    assert len(children()) == len(before[0]) + 1
    results.close()  # type: ignore[attr-defined]
    assert (children(), len(os.listdir("/proc/self/fd"))) == before  # noqa: PTH208


def children() -> list[str]:
    """Return the ids of our child processes."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def test_a_coordinator_waits_without_taking_processor_time(course: Path) -> None:
    """With fewer jobs than graders, too: the cores are the graders'."""
    slow = answering(course, "2", before="import time; time.sleep(1.5)")
    before = time.process_time()
    assert scores(run(course, [Job("slow", slow)], workers=2)) == {"slow": 1}
    assert time.process_time() - before < 0.7


def test_a_grader_that_never_took_its_order_is_replaced(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is gone before it is spoken to costs no job."""
    errors = iter([OSError("gone")])

    def hand_over(sock: socket.socket, content: bytes) -> None:
        for error in errors:
            raise error
        orders.hand_over(sock, content)

    monkeypatch.setattr(executor, "hand_over", hand_over)
    results = run(course, [Job("one", answering(course, "2")), Job("two", answering(course, "3"))])
    assert scores(results) == {"one": 1, "two": 0}


def test_no_jobs_start_no_grader(course: Path) -> None:
    """A run with nothing to do takes no time."""
    started = time.monotonic()
    assert run(course, []) == {}
    assert time.monotonic() - started < 1
