"""A Dask cluster grades as this machine does, whatever happens to its workers."""

from __future__ import annotations

import itertools
import json
import os
import random
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from meta_tests.runs import wait_until
from meta_tests.spine import ASSIGNMENT, assignment_in, notebook, write_course
from numgrade import cluster, cluster_worker, crew
from numgrade.batch import Options, grade
from numgrade.cli import main
from numgrade.cluster import ClusterExecutor
from numgrade.course import Course
from numgrade.desk import Job
from numgrade.errors import CourseError, InfrastructureError
from numgrade.executor import Lost, Queue
from numgrade.kit import Kit
from numgrade.orders import Order
from numgrade.results import SubmissionResult

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

REFERENCE = "def double(x):\n    return 2 * x\n"
CHECKS = '''
import os

@pytest.mark.points(1)
def test_value(student, rng):
    """Twice the number comes out."""
    x = rng.uniform(1, 2)
    answer = student.double(x)
    if answer == "kill":
        os.kill(os.getpid(), 9)
    if answer == "kill the worker":
        os.kill(os.getppid(), 9)
    assert answer == 2 * x, "Twice x is asked for."

@pytest.mark.points(1)
def test_at_one(student):
    assert student.double(1.0) == 2.0
'''
BODIES = {
    "right": "return 2 * x",
    "slow": "import time; time.sleep(0.2); return 2 * x",
    "wrong": "return 3 * x",
    "text": "print(x); return str(x)",
    "raises": "raise ValueError(x)",
    "dies": "import os; os._exit(1)",
}
CLASS_SIZE = 24
POISON = "t-poison"  # late: few graders have to start once more

# A kernel without Landlock, for this worker and the graders that it starts.
LOW = """
import errno
from seccompy import Action, Filter

kernel = Filter(default=Action.ALLOW)
kernel.errno("landlock_create_ruleset", errno.ENOSYS)
kernel.load()
"""


class Cluster:
    """A real scheduler and real workers on this machine, each a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", self._file)
        self.workers: list[subprocess.Popen[bytes]] = []
        wait_until(lambda: self._file.exists() and self._file.stat().st_size > 0)
        self.address: str = json.loads(self._file.read_text())["address"]

    def start_worker(self, *arguments: object) -> subprocess.Popen[bytes]:
        """Start a worker of one thread."""
        places = ("--scheduler-file", self._file, "--local-directory", self.folder)
        alone = ("--no-nanny", "--nthreads", "1")
        worker = self._start("worker", *places, *alone, *arguments)
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill a worker as a machine that loses its power does."""
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def wait_for_workers(self, count: int) -> None:
        """Wait until the scheduler knows that many."""
        from distributed import Client  # noqa: PLC0415

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)

    def graders(self) -> list[int]:
        """Return the process ids of the graders on all workers."""
        return [pid for worker in self.workers for pid in children(worker.pid)]

    def stop(self) -> None:
        """End all processes."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(self, *arguments: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *map(str, arguments)]
        return subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--no-dashboard"],
            cwd=self.folder,
            env={**os.environ, "TMPDIR": str(self.folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def children(pid: int) -> list[int]:
    """Return the ids of a process's children, whichever of its threads started them."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]


@pytest.fixture(scope="module")
def workers(memory: Path) -> Iterator[Cluster]:
    """Return a cluster of three workers."""
    folder = memory / "dask"
    folder.mkdir()
    started = Cluster(folder)
    try:
        for _ in range(3):
            started.start_worker()
        yield started
        pids = started.graders()
    finally:
        started.stop()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


@pytest.fixture(scope="module")
def small(memory: Path) -> Iterator[Cluster]:
    """Return a cluster of a single worker."""
    folder = memory / "small"
    folder.mkdir()
    started = Cluster(folder)
    try:
        started.start_worker()
        yield started
    finally:
        started.stop()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course without submissions."""
    return write_course(tmp_path / "c", {"double": CHECKS}, {"double": 2}, REFERENCE)


def new_class(root: Path) -> Path:
    """Write a course with submissions of all kinds, one of which takes its grader down."""
    write_course(root, {"double": CHECKS}, {"double": 2}, REFERENCE)
    for number, name in zip(range(CLASS_SIZE), itertools.cycle(BODIES), strict=False):
        data = notebook(root, double=f"def double(x):\n    {BODIES[name]}")
        hand_in(root, f"s{number:02}-{name}", data)
    hand_in(root, POISON, notebook(root, double="def double(x):\n    return 'kill'"))
    hand_in(root, "unreadable", b"%PDF-1.4 an essay")
    (root / "submitted" / "missing" / ASSIGNMENT).mkdir(parents=True)
    (root / ".numgrade").mkdir()
    (root / ".numgrade" / "secret").write_bytes(bytes(32))
    return root


def hand_in(root: Path, student: str, data: bytes) -> None:
    """Put a notebook where nbgrader collects it."""
    folder = root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_bytes(data)


def untimed(result: SubmissionResult) -> bytes:
    """Return a record without what differs from run to run: how long things took."""
    record: dict[str, Any] = json.loads(result.to_json())
    for timed in (record, *(check for each in record["exercises"] for check in each["checks"])):
        timed["seconds"] = 0
    return json.dumps(record).encode()


def outcome(root: Path) -> dict[str, bytes]:
    """Return all that a run has written for people, by where it lies; records by student."""
    history = root / ".numgrade" / "results" / f"{ASSIGNMENT}.jsonl"
    records = [SubmissionResult.from_json(line) for line in history.read_bytes().splitlines()]
    written = {record.student: untimed(record) for record in records}
    assert len(written) == len(records), "somebody was graded twice"
    for folder in ("autograded", "feedback"):
        for path in (root / folder).rglob("*.*"):
            written[str(path.relative_to(root))] = path.read_bytes()
    return written


@pytest.fixture(scope="module")
def local(memory: Path) -> dict[str, bytes]:
    """Return what a run on this machine writes."""
    root = new_class(memory / "local")
    grade(Course.load(root), ASSIGNMENT, Options(workers=2))
    return outcome(root)


def order_of(root: Path) -> Order:
    """Return an order to grade the class in that course."""
    return Order(assignment_in(root), allow_weak=False, core=None)


def test_a_cluster_grades_as_this_machine_does(
    local: dict[str, bytes], workers: Cluster, memory: Path
) -> None:
    """Records, notebooks and pages are the same, byte for byte, but for how long it took.

    One submission takes graders down: it is given up after the second, and named.
    """
    root = new_class(memory / "remote")
    notices: list[str] = []
    workers.wait_for_workers(3)
    options = Options(cluster=workers.address)
    results = grade(Course.load(root), ASSIGNMENT, options, on_notice=notices.append)
    assert outcome(root) == local
    assert len(local) > 3 * CLASS_SIZE
    (lost,) = (result for result in results if result.status == "unscored")
    assert lost.student == POISON
    assert lost.warnings[-1] == "The grader was lost 2 times while it had this submission."
    assert notices == []
    assert workers.graders() == []
    digest = Kit.of(Course.load(root).assignment(ASSIGNMENT)).digest
    kits = list(workers.folder.glob("dask-scratch-space/*/numgrade/*"))
    assert [kit.name for kit in kits] == [digest] * 3


def test_workers_may_be_killed_at_any_time(
    local: dict[str, bytes], workers: Cluster, memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a worker killed after every few results, nobody is lost or graded twice."""
    root = new_class(memory / "killed")
    chance = random.Random(1)  # noqa: S311 - nobody is to be kept from guessing
    retried: list[str] = []
    retry = Queue.retry

    def noted(queue: Queue, suspect: Job, lost: str, tries: int) -> Iterator[Lost]:
        retried.append(lost)
        return retry(queue, suspect, lost, tries)

    monkeypatch.setattr(Queue, "retry", noted)
    count = itertools.count(1)

    def killing(_result: SubmissionResult, _total: int, _kept: int) -> None:
        if next(count) % 6 == 0:
            workers.kill(chance.choice(workers.workers))
            workers.start_worker()

    grade(Course.load(root), ASSIGNMENT, Options(cluster=workers.address), killing)
    assert outcome(root) == local
    assert retried.count("worker") >= 2


def test_a_submission_that_takes_workers_down_is_given_up(
    workers: Cluster, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named; what waited behind it is graded by those who are left."""
    monkeypatch.setattr(crew, "MAX_WORKERS_LOST", 2)
    bodies = {"kills": "return 'kill the worker'", **dict.fromkeys("abcd", "return 2 * x")}
    jobs = [
        Job(student, notebook(course, double=f"def double(x):\n    {body}"))
        for student, body in bodies.items()
    ]
    workers.wait_for_workers(3)
    ends = list(ClusterExecutor(order_of(course), workers.address, pytest.fail).run(jobs))
    lost = {end.job.student: end.reason for end in ends if isinstance(end, Lost)}
    assert lost == {"kills": "The worker was lost 2 times while it had this submission."}
    graded = {end.result.student: end.result.score for end in ends if not isinstance(end, Lost)}
    assert graded == dict.fromkeys("abcd", 2)


def test_workers_of_another_version_are_refused(
    workers: Cluster, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They might give other marks. Where nobody is left, the run ends and says why."""
    monkeypatch.setattr(crew, "__version__", "99.0")
    notices: list[str] = []
    executor = ClusterExecutor(order_of(course), workers.address, notices.append)
    with pytest.raises(InfrastructureError, match=r"no worker of the cluster can grade.* 99\.0"):
        list(executor.run([Job("s", b"")]))
    assert notices


def test_a_worker_whose_level_is_too_low_is_refused(small: Cluster, course: Path) -> None:
    """It grades nobody, and a sentence says why; the others do its share."""
    (course / "low.py").write_text(LOW)
    low = small.start_worker("--preload", course / "low.py")
    small.wait_for_workers(2)
    jobs = [Job(f"s{number}", notebook(course, double=REFERENCE)) for number in range(6)]
    notices: list[str] = []
    ends = list(ClusterExecutor(order_of(course), small.address, notices.append).run(jobs))
    small.kill(low)
    protections = [None if isinstance(end, Lost) else end.result.protection for end in ends]
    assert protections == ["A"] * 6
    (notice,) = notices
    assert "is refused: No protection level holds" in notice


def test_a_broken_course_is_the_courses_fault(small: Cluster, course: Path) -> None:
    """What a worker finds wrong with its copy is said of the course itself."""
    (course / "tests" / "mini" / "test_double.py").write_text("import nowhere\n")
    executor = ClusterExecutor(order_of(course), small.address, pytest.fail)
    with pytest.raises(CourseError, match="No module named 'nowhere'") as caught:
        list(executor.run([Job("s", b"")]))
    assert f"{course}/tests/mini/test_double.py:1" in str(caught.value)
    assert "dask" not in str(caught.value)


def endless(course: Path) -> Iterator[Job]:
    """Yield jobs for ever."""
    data = notebook(course, double=REFERENCE)
    return (Job(f"s{number}", data) for number in itertools.count())


def test_what_is_handed_out_is_bounded(small: Cluster, course: Path) -> None:
    """A class without end is not read ahead; who stops listening leaves no grader behind."""
    jobs = endless(course)
    ends = ClusterExecutor(order_of(course), small.address, pytest.fail).run(jobs)
    for _ in range(20):
        end = next(ends)
        assert not isinstance(end, Lost)
        assert end.result.score == 2
    ends.close()  # type: ignore[attr-defined]
    following = int(next(jobs).student[1:])
    assert 20 < following <= 20 + 4
    wait_until(lambda: small.graders() == [])


def test_a_scheduler_that_goes_away_ends_the_run(
    small: Cluster, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was graded until then has been yielded; a sentence says what happened."""
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 2)
    ends = ClusterExecutor(order_of(course), small.address, pytest.fail).run(endless(course))
    next(ends)
    small.scheduler.kill()
    with pytest.raises(InfrastructureError, match="scheduler is gone"):
        list(ends)


@pytest.fixture
def handed_in(course: Path) -> Path:
    """Return the course with one submission."""
    hand_in(course, "somebody", notebook(course, double=REFERENCE))
    return course


def test_graders_whose_coordinator_is_gone_are_stopped(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody dismisses them: they go when they have had nothing to do for long."""
    monkeypatch.setattr(cluster_worker, "_IDLE_SECONDS", 0.1)
    bench = cluster_worker._Bench()
    executor = bench.take("run", order_of(course))
    closed = threading.Event()
    monkeypatch.setattr(executor, "close", closed.set)
    bench.put("run", executor)
    assert closed.wait(60)
    assert bench.take("run", order_of(course)) is not executor


def test_a_wrong_address_is_said_in_a_sentence(
    handed_in: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but that: no traceback, no log of Dask's; the exit status is that of wrong use."""
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for address in (f"tcp://127.0.0.1:{port}", "nonsense", "carrier-pigeon://home:1"):
        arguments = ["grade", ASSIGNMENT, "--course", str(handed_in), "--cluster", address]
        assert main(arguments) == 2
        (line,) = capfd.readouterr().err.splitlines()
        assert line.startswith(f"numgrade: error: --cluster {address}: no Dask scheduler answers")


def test_without_dask_a_sentence_says_what_to_install(
    handed_in: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra is optional; nothing of the course is touched before it is missed."""
    for name in ("cluster", "crew", "cluster_worker"):
        monkeypatch.delitem(sys.modules, f"numgrade.{name}")
    monkeypatch.setitem(sys.modules, "distributed", None)
    arguments = ["grade", ASSIGNMENT, "--course", str(handed_in), "--cluster", "tcp://127.0.0.1:1"]
    assert main(arguments) == 2
    assert "pip install 'numgrade[dask]'" in capfd.readouterr().err
    assert not (handed_in / "gradebook.db").exists()


def test_the_number_of_workers_is_the_clusters(
    handed_in: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """--workers beside --cluster is wrong use."""
    arguments = [
        "grade",
        ASSIGNMENT,
        "--course",
        str(handed_in),
        "--cluster",
        "x",
        "--workers",
        "2",
    ]
    assert main(arguments) == 2
    assert "--workers is for this machine" in capfd.readouterr().err
