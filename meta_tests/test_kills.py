"""Whatever is killed, whenever: no process stays, no half of a result counts, a next run ends well.

SIGKILL gives nobody a chance to clean up: what is left is what the kernel, the order of writing and
the next run make of it.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import pytest
from nbgrader import api

from meta_tests.runs import Run, wait_until
from meta_tests.spine import ASSIGNMENT, notebook, write_course
from numgrade.results import SubmissionResult, SubmissionStatus

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

REFERENCE = "def double(x):\n    return 2 * x\n"
CHECK = '''
import os, pathlib

@pytest.mark.points(1)
@pytest.mark.parametrize("x", [1.0, 2.5])
def test_value(student, x):
    """Twice the number comes out."""
    pathlib.Path(os.environ["NUMGRADE_AT_WORK"], str(os.getpid())).touch()
    assert student.double(x) == 2 * x, "Twice x is asked for."
'''
"""A check that leaves word of which grader is at work."""

STUDENTS = [f"s{number:02}" for number in range(12)]
PAUSE = "__import__('time').sleep(0.15)"
"""A call takes at least so long on any machine: a run of two graders lasts for two seconds."""

MOMENTS = 1.5
"""Seconds of grading within which the kills fall."""


class Left(NamedTuple):
    """What a run leaves in a course, times left out: records, gradebook, files."""

    records: dict[str, SubmissionResult]
    scores: dict[str, float]
    files: dict[str, bytes]

    @classmethod
    def in_course(cls, root: Path) -> Left:
        """Return what counts in a course now."""
        path = root / ".numgrade" / "results" / f"{ASSIGNMENT}.jsonl"
        # What follows the last end of line is no record, whatever it is.
        lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
        records = [SubmissionResult.from_json(line) for line in lines]
        latest = {each.student: without_times(each) for each in records}
        return cls(latest, scores(root), files(root))

    def unscored(self) -> set[str]:
        """Return the students whose latest record is our failure."""
        status = SubmissionStatus.UNSCORED
        return {name for name, record in self.records.items() if record.status is status}


def without_times(result: SubmissionResult) -> SubmissionResult:
    """Return a record in which nothing took any time."""
    exercises = tuple(
        msgspec.structs.replace(
            exercise,
            checks=tuple(msgspec.structs.replace(check, seconds=0.0) for check in exercise.checks),
        )
        for exercise in result.exercises
    )
    return msgspec.structs.replace(result, seconds=0.0, exercises=exercises)


def scores(root: Path) -> dict[str, float]:
    """Return the scores in a course's gradebook, by student."""
    if not (root / "gradebook.db").exists():
        return {}
    with api.Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        return {each.student_id: each.score for each in book.db.query(api.SubmittedAssignment)}


def files(root: Path) -> dict[str, bytes]:
    """Return what a person sees in the folders of graded notebooks and feedback pages."""
    found = [path for name in ("autograded", "feedback") for path in (root / name).rglob("[!.]*.*")]
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, whoever still has to hear of it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@pytest.fixture(scope="module")
def course(memory: Path) -> Path:
    """Return a course in which everybody has handed in: right, wrong, or nothing that helps."""
    root = write_course(memory / "kills", {"double": CHECK}, {"double": 1}, REFERENCE)
    answers = (f"{PAUSE} or 2 * x", f"{PAUSE} or 3 * x", f"{PAUSE} or [x]")
    for number, student in enumerate(STUDENTS):
        folder = root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        body = f"def double(x):\n    return {answers[number % len(answers)]}"
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(notebook(root, double=body))
        (folder / "timestamp.txt").write_text("2025-03-01 12:00:00 UTC")
    (root / ".numgrade").mkdir()
    (root / ".numgrade" / "secret").write_bytes(bytes(32))
    return root


KEEP = """
import pathlib
import msgspec
import numgrade.batch

class Executor(numgrade.batch.LocalExecutor):
    def run(self, jobs):
        graded = {{}}
        for end in super().run(jobs):
            graded[end.result.student] = end
            yield end
        pathlib.Path({path!r}).write_bytes(msgspec.msgpack.encode(graded))

numgrade.batch.LocalExecutor = Executor
"""
"""A coordinator that keeps what graders send, for `DEADLY`."""


@pytest.fixture(scope="module")
def kept(memory: Path) -> Path:
    """Return the file in which the undisturbed run keeps what graders sent."""
    return memory / "kills-graded"


@pytest.fixture(scope="module")
def undisturbed(course: Path, kept: Path, memory: Path) -> Left:
    """Return what a run leaves that nobody disturbs."""
    root = memory / "kills-undisturbed"
    shutil.copytree(course, root)
    run = Run(root, KEEP.format(path=str(kept)))
    assert run.end() == (0, "")
    assert list(run.temporary.iterdir()) == []
    left = Left.in_course(root)
    assert sorted(left.records) == STUDENTS
    assert {*left.scores.values()} == {0.0, 1.0}
    assert len(left.files) == 4 * len(STUDENTS)
    return left


@pytest.fixture
def pupils(course: Path, memory: Path) -> Path:
    """Return a copy of the course of which nothing is graded."""
    root = memory / "kills-copy"
    for path in memory.glob("kills-copy*"):
        shutil.rmtree(path)
    shutil.copytree(course, root)
    return root


def assert_nothing_is_half(left: Left, whole: Left) -> None:
    """Check that all there is, in any place, is what an undisturbed run writes there."""
    unscored = left.unscored()
    for name in left.records.keys() - unscored:
        assert left.records[name] == whole.records[name]
    for name, score in left.scores.items():
        assert score == whole.scores[name]
        assert name not in unscored
    for path, content in left.files.items():
        assert content == whole.files[path] or Path(path).parts[1] in unscored


@pytest.mark.parametrize("seed", range(2))
def test_a_coordinator_killed_at_any_moment(pupils: Path, undisturbed: Left, seed: int) -> None:
    """All its processes end, what is there of a result is whole, and the next run ends well."""
    run = Run(pupils)
    moment = random.Random(seed).uniform(0, MOMENTS)  # noqa: S311 - a moment, not a secret
    if seed:  # the first is killed while it starts
        wait_until(run.graders)
    time.sleep(moment)
    assert run.process.poll() is None
    run.process.kill()
    assert run.end()[0] == -signal.SIGKILL
    assert_nothing_is_half(Left.in_course(pupils), undisturbed)
    left_lying = {*run.temporary.iterdir()}

    again = Run(pupils)
    assert again.end() == (0, "")
    assert Left.in_course(pupils) == undisturbed
    assert {*again.temporary.iterdir()} <= left_lying


@pytest.mark.parametrize("seed", range(1))
def test_a_grader_killed_at_any_moment(pupils: Path, undisturbed: Left, seed: int) -> None:
    """Its zygote dies with it, another grader takes over, and nothing shows in what comes out."""
    run = Run(pupils)
    killed = kill_one_of(run, Run.graders, random.Random(seed))  # noqa: S311 - no secret
    wait_until(lambda: is_gone(killed))
    assert run.end() == (0, "")
    assert Left.in_course(pupils) == undisturbed
    assert list(run.temporary.iterdir()) == []


@pytest.mark.parametrize("seed", range(1))
def test_a_zygote_killed_at_any_moment(pupils: Path, undisturbed: Left, seed: int) -> None:
    """At most the submission in hand is unscored, with nobody blamed; the next run grades it."""
    run = Run(pupils)
    kill_one_of(run, Run.zygotes, random.Random(seed))  # noqa: S311 - no secret
    status, complaints = run.end()
    left = Left.in_course(pupils)
    assert_nothing_is_half(left, undisturbed)
    assert len(left.unscored()) == status <= 1
    assert all(f"{name} is unscored" in complaints for name in left.unscored())
    assert sorted(left.records) == STUDENTS
    assert list(run.temporary.iterdir()) == []

    assert Run(pupils).end() == (0, "")
    assert Left.in_course(pupils) == undisturbed


def kill_one_of(run: Run, victims: Callable[[Run], list[int]], rng: random.Random) -> int:
    """Kill one process of a kind while the run is grading, and return which."""
    wait_until(lambda: victims(run))
    time.sleep(rng.uniform(0, MOMENTS))
    wait_until(lambda: victims(run))
    victim = rng.choice(victims(run))
    os.kill(victim, signal.SIGKILL)
    assert run.process.poll() is None
    return victim


DEADLY = """
import os, pathlib, signal
import msgspec
import numgrade.batch, numgrade.gradebook, numgrade.store, numgrade.writer
from numgrade.desk import Graded

class Executor:
    def __init__(self, order, workers):
        pass
    def warm_up(self):
        pass
    close = warm_up
    def run(self, jobs):
        graded = msgspec.msgpack.decode(pathlib.Path({path!r}).read_bytes(), type=dict[str, Graded])
        return (graded[job.student] for job in jobs)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def at_call(number, owner, name, does):
    real, calls = getattr(owner, name), []
    def method(*args, **kwargs):
        calls.append(name)
        return does(real, *args, **kwargs) if len(calls) == number else real(*args, **kwargs)
    setattr(owner, name, method)

numgrade.batch.LocalExecutor = Executor
numgrade.writer._FLUSH_SECONDS = 0
"""
"""A coordinator without graders, since all has been graded before; it writes each result at once.

`at_call` has a method do something else when it is called for the nth time.
"""

MOMENTS_OF_WRITING = {
    "half of a page": """
class Half:
    def __init__(self, file):
        self.file = file
    def __enter__(self):
        return self
    def __exit__(self, *_):
        self.file.close()
    def write(self, content):
        self.file.write(content[: len(content) // 2])
        self.file.flush()
        die()
at_call(11, os, "fdopen", lambda real, *args: Half(real(*args)))
""",
    "a page, not yet in its place": """
at_call(11, os, "replace", lambda *_, **__: die())
""",
    "files, not the gradebook": """
at_call(3, numgrade.gradebook.Gradebook, "record", lambda *_: die())
""",
    "half of the gradebook": """
from sqlalchemy.orm import Session
def record(real, *args):
    at_call(1, Session, "commit", lambda *_: die())
    real(*args)
at_call(3, numgrade.gradebook.Gradebook, "record", record)
""",
    "the gradebook, not the record": """
at_call(3, numgrade.store.ResultStore, "append", lambda *_: die())
""",
    "half of a record": """
def half(real, store, results):
    line = next(iter(results)).to_json()
    store._file.write(line[: len(line) // 2])
    store._file.flush()
    die()
at_call(3, numgrade.store.ResultStore, "append", half)
""",
}


@pytest.mark.parametrize("moment", MOMENTS_OF_WRITING)
def test_a_coordinator_killed_while_it_writes(
    pupils: Path, kept: Path, undisturbed: Left, moment: str
) -> None:
    """What it wrote last is whole or is not there, wherever it was; the next run has it all."""
    deadly = DEADLY.format(path=str(kept))
    run = Run(pupils, deadly + MOMENTS_OF_WRITING[moment])
    assert run.end()[0] == -signal.SIGKILL
    left = Left.in_course(pupils)
    assert_nothing_is_half(left, undisturbed)
    assert list(left.records) == STUDENTS[:2]

    assert Run(pupils, deadly).end() == (0, "")
    assert Left.in_course(pupils) == undisturbed
    assert list(pupils.rglob(".*.partial")) == []
    lines = (pupils / ".numgrade" / "results" / f"{ASSIGNMENT}.jsonl").read_bytes().splitlines()
    assert [SubmissionResult.from_json(line).student for line in lines] == STUDENTS
