"""A full disk, a locked gradebook, folders that vanish, Ctrl-C: a sentence, and nothing is lost."""

from __future__ import annotations

import itertools
import json
import math
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from meta_tests.full_disk import PLACES
from meta_tests.runs import Run, records, wait_until
from meta_tests.spine import ASSIGNMENT, ExecutorHere, notebook, write_course
from numgrade import batch, writer
from numgrade.batch import Options, grade
from numgrade.cli import main
from numgrade.course import Course
from numgrade.errors import CourseError, InfrastructureError
from numgrade.gradebook import Gradebook
from numgrade.results import SubmissionResult, SubmissionStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numgrade.desk import Graded, Job
    from numgrade.gradebook import Entry
    from numgrade.orders import Order
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

PROJECT = Path(__file__).parents[1]
REFERENCE = "def double(x):\n    return 2 * x\n"
CHECK = '''
import os, pathlib, time

@pytest.mark.points(1)
def test_value(student):
    """Twice the number comes out."""
    if pathlib.Path(os.environ.get("NUMGRADE_AT_WORK", ""), "slowly").exists():
        time.sleep(0.4)
    assert student.double(1.0) == 2
'''
"""A check that takes its time when it is told to: then a class lasts for six seconds at least."""


def new_course(root: Path, size: int) -> Path:
    """Write a course in which everybody has handed in."""
    write_course(root, {"double": CHECK}, {"double": 1}, REFERENCE)
    for number in range(size):
        folder = root / "submitted" / f"s{number:02}" / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(notebook(root, double=REFERENCE))
    return root


def assert_graded_once(root: Path, size: int) -> None:
    """Check that everybody has a score, and nobody was graded twice."""
    found = records(root)
    assert sorted(each.student for each in found) == [f"s{number:02}" for number in range(size)]
    assert {(each.status, each.score) for each in found} == {(SubmissionStatus.GRADED, 1.0)}


LARGE = 32


@pytest.fixture
def private(memory: Path) -> Iterator[Path]:
    """Return a folder in memory."""
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def slow(private: Path, no_graders: None) -> Path:  # noqa: ARG001 - for `assert_goes_on`
    """Return a course whose grading takes six seconds in a program of its own."""
    root = new_course(private / "slow", LARGE)
    at_work = root.with_name("slow-at-work")
    at_work.mkdir()
    (at_work / "slowly").touch()
    return root


def assert_goes_on(root: Path) -> None:
    """Run the same command again, here; check that it grades what is missing, and no more."""
    assert main(["grade", ASSIGNMENT, "--course", str(root), "--quiet"]) == 0
    assert_graded_once(root, LARGE)


def assert_says_what_is_kept(root: Path, said: str) -> None:
    """Check that the last line says how many are in the history, some and not all."""
    kept = len(records(root))
    assert 0 < kept < LARGE
    assert said.splitlines()[-1].endswith(
        f"{kept} of {LARGE} are graded and kept; run the same command again to go on."
    )
    assert "Traceback" not in said


OWN_TERMINAL = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)"
CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")


def test_ctrl_c_on_a_terminal(slow: Path) -> None:
    """A live bar with its facts, then a sentence; all processes end, and the next run goes on."""
    ours, theirs = pty.openpty()
    run = Run(slow, OWN_TERMINAL, quiet=False, terminal=theirs)
    os.close(theirs)
    screen = read_until(ours, lambda text: bool(records(slow)) and "slowest" in text)
    os.write(ours, b"\x03")  # what the key sends: the terminal makes SIGINT of it, for all of us
    screen += read_until(ours, lambda _: run.process.poll() is not None)
    os.close(ours)
    assert run.end()[0] == 130
    facts = (
        r"grading \S+ +\d+/32 (\d+ unchanged, )?\d+/(s|min), \d:\d\d:\d\d left, slowest 's\d\d' "
    )
    assert re.search(facts, screen), screen
    assert "numgrade: stopped: " in screen
    assert_says_what_is_kept(slow, screen.rstrip())
    assert list(run.temporary.iterdir()) == []
    assert_goes_on(slow)


def read_until(terminal: int, holds: Callable[[str], bool], seconds: float = 60) -> str:
    """Read what appears on a terminal, without its control sequences, until something holds."""
    content, end = b"", time.monotonic() + seconds
    while True:
        is_over = holds(content.decode("utf-8", "replace"))
        while select.select([terminal], [], [], 0.05)[0]:
            try:
                content += os.read(terminal, 65536)
            except OSError:  # nobody has the other end any more
                is_over = True
                break
        if is_over:
            return CONTROL.sub("", content.decode("utf-8", "replace")).replace("\r", "\n")
        assert time.monotonic() < end, content


def test_sigterm_ends_a_run_as_ctrl_c_does(slow: Path) -> None:
    """What is done is written, also what came after the last writing; nothing stays behind."""
    run = Run(slow)
    wait_until(lambda: records(slow))
    run.process.send_signal(signal.SIGTERM)
    status, said = run.end()
    assert status == 128 + signal.SIGTERM
    assert said.startswith("numgrade: stopped: ")
    assert_says_what_is_kept(slow, said)
    assert list(run.temporary.iterdir()) == []
    assert_goes_on(slow)


def test_a_course_that_vanishes_ends_the_run(slow: Path) -> None:
    """No folder is made in its place, no process stays; once it is back the next run goes on."""
    run, away = Run(slow), slow.with_name("away")
    wait_until(lambda: records(slow))
    slow.rename(away)
    status, said = run.end()
    assert status == 2
    assert said.startswith(f"numgrade: this machine cannot grade: {slow} has vanished: ")
    assert not slow.exists()
    away.rename(slow)
    assert_says_what_is_kept(slow, said)
    assert_goes_on(slow)


SMALL = 6


@pytest.fixture
def here(private: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small course, graded in this process: one after the other, each written at once."""

    class OneByOne(ExecutorHere):
        def run(self, jobs: Iterator[Job]) -> Iterator[Graded]:  # type: ignore[override]
            for job in jobs:
                yield from super().run([job])

    def executor(order: Order, _: int) -> OneByOne:
        return OneByOne(sandbox, order)

    monkeypatch.setattr(batch, "LocalExecutor", executor)
    monkeypatch.setattr(writer, "_FLUSH_AFTER", 1)
    return new_course(private / "here", SMALL)


def grade_until(
    root: Path, count: int, then: Callable[[], object], *, force: bool = False
) -> list[SubmissionResult]:
    """Grade; do something after so many results."""

    def on_result(_: SubmissionResult, _total: int, _kept: int) -> None:
        nonlocal count
        count -= 1
        if not count:
            then()

    return [*grade(Course.load(root), ASSIGNMENT, Options(workers=1, force=force), on_result)]


@pytest.mark.parametrize("place", ["", "submitted", ".numgrade"])
@pytest.mark.parametrize("each", [1, 4])
def test_nobody_is_missing_because_a_folder_is(
    here: Path, monkeypatch: pytest.MonkeyPatch, place: str, each: int
) -> None:
    """Whether results wait to be written or not, none is made up and none lands elsewhere."""
    monkeypatch.setattr(writer, "_FLUSH_AFTER", each)
    monkeypatch.setattr(writer, "_FLUSH_SECONDS", math.inf)
    away = here.with_name("away")
    with pytest.raises(InfrastructureError, match=f"{here / place}.* has vanished") as caught:
        grade_until(here, 5, lambda: (here / place).rename(away))
    assert not (here / place).exists()
    away.rename(here / place)
    kept = records(here)
    assert len(kept) == (5 if each == 1 else 4)
    assert caught.value.__notes__ == [
        f"{len(kept)} of 6 are graded and kept; run the same command again to go on."
    ]
    grade(Course.load(here), ASSIGNMENT, Options(workers=1))
    assert_graded_once(here, SMALL)


def test_an_empty_mount_point_makes_nobody_missing(here: Path) -> None:
    """Where the gradebook has marks and there is no submission at all, nothing is changed."""
    grade(Course.load(here), ASSIGNMENT, Options(workers=1))
    (here / "submitted").rename(here / "away")
    (here / "submitted").mkdir()
    with pytest.raises(CourseError, match="no submissions, but the gradebook has marks of 6"):
        grade(Course.load(here), ASSIGNMENT, Options(workers=1))
    assert_graded_once(here, SMALL)
    assert len([*(here / "autograded").rglob("*.ipynb")]) == SMALL


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


class Holder:
    """Another program that holds a gradebook locked."""

    def __init__(self, gradebook: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(gradebook)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"held\n"

    def let_go(self, after: float = 0.0) -> None:
        """End it, after some seconds."""
        time.sleep(after)
        self._process.communicate()


def test_a_gradebook_that_is_locked_for_a_moment_is_waited_for(here: Path) -> None:
    """Nobody notices that the Formgrader was writing."""
    grade(Course.load(here), ASSIGNMENT, Options(workers=1, students="s00"))
    with ThreadPoolExecutor(1) as pool:

        def hold_for_a_second() -> None:
            pool.submit(Holder(here / "gradebook.db").let_go, after=1.0)

        grade_until(here, 2, hold_for_a_second)
    assert_graded_once(here, SMALL)


def test_a_gradebook_that_stays_locked_ends_the_run(here: Path) -> None:
    """A sentence says so, in the middle of a run and at its start; the next one goes on."""
    with (here / "nbgrader_config.py").open("a") as file:  # a second will do to see it wait
        file.write(f'\nc.CourseDirectory.db_url = "sqlite:///{here}/gradebook.db?timeout=1"\n')
    holders: list[Holder] = []
    said = "database is locked. Another program holds it: close that program, or wait"
    with pytest.raises(InfrastructureError, match=said) as caught:
        grade_until(here, 2, lambda: holders.append(Holder(here / "gradebook.db")))
    assert caught.value.__notes__ == [
        "2 of 6 are graded and kept; run the same command again to go on."
    ]
    with pytest.raises(InfrastructureError, match=said):
        grade(Course.load(here), ASSIGNMENT, Options(workers=1))
    holders[0].let_go()
    grade(Course.load(here), ASSIGNMENT, Options(workers=1))
    assert_graded_once(here, SMALL)


def test_a_forced_run_that_is_stopped_says_what_it_has_replaced(here: Path) -> None:
    """The same command would begin anew; the history has what counted before."""

    def stop() -> None:
        raise KeyboardInterrupt

    grade(Course.load(here), ASSIGNMENT, Options(workers=1))
    with pytest.raises(KeyboardInterrupt) as caught:
        grade_until(here, 2, stop, force=True)
    assert caught.value.__notes__ == [
        "2 of 6 are graded and kept; the others keep the result that they had."
    ]
    assert len(records(here)) == SMALL + 2


def test_ctrl_c_while_results_are_written(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are written all the same: once in the gradebook, once in the history."""
    record, calls = Gradebook.record, itertools.count(1)

    def interrupted(gradebook: Gradebook, batch: Iterable[Entry]) -> None:
        record(gradebook, batch)
        if next(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(Gradebook, "record", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        grade(Course.load(here), ASSIGNMENT, Options(workers=1))
    assert caught.value.__notes__[0].startswith("3 of 6 are graded and kept")
    grade(Course.load(here), ASSIGNMENT, Options(workers=1))
    assert_graded_once(here, SMALL)


@pytest.fixture(scope="module")
def filled(memory: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what came of runs on full disks: one with room, one without, one with room again."""
    root = new_course(memory / "filled" / "course", CLASS)
    checks = root / "tests" / ASSIGNMENT / "test_double.py"
    checks.write_text(checks.read_text().replace("Twice", "Twice, " * 50))  # longer records
    with (root / "nbgrader_config.py").open("a") as file:
        book = "os.path.join(os.path.dirname(__file__), 'gradebook', 'gradebook.db')"
        file.write(f"\nimport os\nc.CourseDirectory.db_url = 'sqlite:///' + {book}\n")
    program = [sys.executable, "-m", "meta_tests.full_disk", str(root)]
    ended = subprocess.run(program, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, list[dict[str, Any]]] = json.loads(ended.stdout)
    return found


CLASS = 12


@pytest.mark.parametrize("place", PLACES)
def test_a_full_disk_ends_the_run(filled: dict[str, list[dict[str, Any]]], place: str) -> None:
    """It is named, nothing half counts, and with room again only what is missing is graded."""
    first, full, again = filled[place]
    assert (first["status"], first["said"]) == (0, "")
    assert full["status"] == 2
    assert full["said"].startswith("numgrade: this machine cannot grade: ")
    assert f"/{place}/" in full["said"]
    assert "full" in full["said"] or "No space left on device" in full["said"]
    noted = re.search(r"Make room there\. (\d+) of 12 are graded and kept; run ", full["said"])
    assert noted is not None, full["said"]

    whole = full["history"][: full["history"].rfind("\n") + 1]
    assert int(noted[1]) <= whole.count("\n") < CLASS
    assert (whole != full["history"]) == (place == ".numgrade/results")  # a line was cut short
    assert (again["status"], again["said"]) == (0, "")
    assert again["history"].startswith(whole)
    students = [json.loads(line)["student"] for line in again["history"].splitlines()]
    assert sorted(students) == [f"s{number:02}" for number in range(CLASS)]
