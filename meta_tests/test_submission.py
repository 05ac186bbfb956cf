"""What a cell or a function does to its process costs itself, and nobody else anything."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from numgrade.errors import (
    InfrastructureError,
    StudentKilled,
    StudentRaised,
    StudentTimedOut,
)
from numgrade.repair import RunnableCell
from numgrade.sandbox import Sandbox
from numgrade.settings import LimitValues
from numgrade.student import Student
from numgrade.submission import MAX_DEATHS, Submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meta_tests.spine import HandIn

pytest_plugins = ["meta_tests.spine"]

PROJECT = Path(__file__).parents[1]
SHORT = LimitValues(cell_seconds=1.0, check_seconds=0.5, submission_seconds=30, output_bytes=10_000)
"""Limits that a loop meets soon."""


def begun(submission: Submission, exercise: str = "exercise") -> Student:
    """Return the `student` of the next check."""
    submission.begin_check(exercise)
    return Student(submission)


def printed(submission: Submission, cell: int) -> str:
    """Return all that a cell wrote."""
    outputs = submission.outcomes[cell].outputs
    return "".join(output.get("text", "") for output in outputs)


def last_words(submission: Submission, cell: int) -> str:
    """Return what the notebook says in the place of a cell's outputs."""
    (output,) = submission.outcomes[cell].outputs
    assert output["output_type"] == "error"
    return str(output["traceback"][0])


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("while True:\n    pass", "still running"),
        ("import time\ntime.sleep(60)", "still running"),
        (
            "import signal\nsignal.pthread_sigmask(2, range(1, 64))\nwhile True: pass",
            "still running",
        ),
        ("import os\nos._exit(0)", "exited with status 0"),
        ("import os\nos._exit(3)", "exited with status 3"),
        ("import ctypes\nctypes.string_at(0)", "SIGSEGV"),
        ("import os\nos.close(3)\nos._exit(0)", "exited with status 0"),
        ("import os\nos.write(3, b'noise' * 20)", "too large"),
    ],
    ids=["loop", "sleep", "masked", "exit", "status", "segfault", "closed", "noise"],
)
def test_a_deadly_cell_costs_only_itself(hand_in: HandIn, source: str, cause: str) -> None:
    """The functions of the cells before and after it answer, and the notebook says what it did."""
    submission = hand_in(
        "def before():\n    return 1", source, "def after():\n    return before() + 1", limits=SHORT
    )
    assert cause in last_words(submission, 1)
    assert "the others ran without it" in last_words(submission, 1)
    assert submission.warnings[0].startswith("Cell 2: ")
    student = begun(submission)
    assert (student.before(), student.after()) == (1, 2)


def test_an_exit_is_an_exception_like_others(hand_in: HandIn) -> None:
    """`exit()`, `sys.exit()` and an exception end their cell, not the process."""
    submission = hand_in("n = 1", "n = 2; exit()", "import sys\nn = 3; sys.exit()", "n = 4; 1 / 0")
    assert not submission.warnings
    assert begun(submission).value("n") == 4


def test_memory_has_a_limit(hand_in: HandIn) -> None:
    """A cell that takes all memory gets MemoryError, and the process goes on without the cell's."""
    submission = hand_in(
        "def before():\n    return 1",
        "kept = []\nwhile True:\n    kept.append(bytearray(10_000_000))",
        "held = len(kept) * 10_000_000; kept.clear()",
        "import numpy as np\nnp.zeros(10**10)",
        "def after():\n    return 2",
    )
    assert submission.outcomes[1].outputs[0]["ename"] == "MemoryError"
    assert "MemoryError" in submission.outcomes[3].outputs[0]["ename"]
    student = begun(submission)
    assert (student.before(), student.after()) == (1, 2)
    assert 0 < student.value("held") < 2**30


@pytest.mark.parametrize(
    "flood",
    [
        "for _ in range(3_000): print('flood' * 100)",
        "import sys\nfor _ in range(3_000): print('o'); print('e', file=sys.stderr)",
        "for _ in range(600): display('flood' * 100)",
        "from IPython.display import HTML\nHTML('x' * 10**6)",
        "'x' * 10**6",
        "raise ValueError('x' * 10**7)",
        "import sys\nsys.stdout.write('x' * 10**7);",
        "import os\nfor _ in range(1000): os.write(1, b'x' * 10_000)",
    ],
)
def test_a_flood_of_output_is_cut(hand_in: HandIn, flood: str) -> None:
    """A cell that floods its output keeps what it defined, and little of its output is kept."""
    submission = hand_in(f"def f():\n    return 1\n{flood}", "print('dry')", limits=SHORT)
    assert not submission.warnings
    assert begun(submission).f() == 1
    assert printed(submission, 1) == "dry\n"
    kept = sum(len(str(output)) for output in submission.outcomes[0].outputs)
    assert kept < 200_000


def test_a_full_scratch_folder_is_an_error_of_the_cell(hand_in: HandIn) -> None:
    """Files are private and bounded: what does not fit raises OSError."""
    submission = hand_in("""
def fill():
    try:
        for number in range(100):
            with open(f"file{number}", "wb") as file:
                file.write(bytes(10**6))
    except OSError:
        return number
""")
    assert 1 <= begun(submission).fill() < 20


def test_a_function_that_loops_is_stopped(hand_in: HandIn) -> None:
    """It costs its check; after two such deaths its exercise is not run, and others answer."""
    submission = hand_in(
        "def loop():\n    while True: pass", "def f():\n    return 1", limits=SHORT
    )
    for _ in range(MAX_DEATHS):
        started = time.monotonic()
        with pytest.raises(StudentTimedOut, match="still running"):
            begun(submission, "looping").loop()
        assert time.monotonic() - started < SHORT.check_seconds + 1
    started = time.monotonic()
    with pytest.raises(StudentTimedOut, match="Not run: 2 checks of this exercise"):
        begun(submission, "looping").loop()
    with pytest.raises(StudentTimedOut, match="Not run"):
        begun(submission, "looping").f()
    assert time.monotonic() - started < 0.2
    assert begun(submission, "another").f() == 1


def test_a_loop_after_a_right_answer_costs_no_other_exercise(hand_in: HandIn) -> None:
    """Each exercise has deaths of its own."""
    submission = hand_in("import os\ndef die():\n    os._exit(1)\ndef f():\n    return 1")
    for exercise in ("first", "second", "third"):
        for _ in range(MAX_DEATHS):
            with pytest.raises(StudentKilled, match="exited with status 1"):
                begun(submission, exercise).die()
        with pytest.raises(StudentTimedOut, match="Not run"):
            begun(submission, exercise).f()
    assert begun(submission, "fourth").f() == 1


def test_the_time_of_a_check_is_shared_by_its_calls(hand_in: HandIn) -> None:
    """Many calls, and many evaluations of f, take no longer together than one may."""
    submission = hand_in(
        "import time\ndef nap(f):\n    time.sleep(0.1)\n    return f(1.0)\n"
        "def ask_on(f):\n    while True: f(1.0)",
        limits=SHORT,
    )
    for name in ("nap", "ask_on"):
        student = begun(submission)
        started = time.monotonic()
        with pytest.raises(StudentTimedOut):
            _ = [getattr(student, name)(float) for _ in range(100)]
        assert time.monotonic() - started < SHORT.check_seconds + 1


def test_a_slow_exercise_leaves_time_for_the_others(hand_in: HandIn) -> None:
    """An exercise that answers slowly ends at half of the time left; the next one answers."""
    limits = LimitValues(check_seconds=10, submission_seconds=4)
    slow = "import time\ndef slow(): time.sleep(0.7); return 1\ndef quick(): return 2"
    submission = hand_in(slow, limits=limits)
    with pytest.raises(StudentTimedOut, match="half of the time"):
        _ = [begun(submission, "slow").slow() for _ in range(6)]
    with pytest.raises(StudentTimedOut, match="Not run: this exercise took half"):
        begun(submission, "slow").quick()
    assert begun(submission, "another").quick() == 2


def test_the_time_of_a_submission_is_bounded(hand_in: HandIn) -> None:
    """When it is spent the other cells do not run, no check gets an answer, and both say why."""
    limits = LimitValues(cell_seconds=0.5, check_seconds=5, submission_seconds=1.2)
    loop = "while True:\n    pass"
    started = time.monotonic()
    submission = hand_in("x = 1", *[loop] * 6, "y = 1", limits=limits)
    assert time.monotonic() - started < limits.submission_seconds + 1
    assert "the submission's 1.2 s were spent" in last_words(submission, 7)
    with pytest.raises(StudentTimedOut, match=r"the submission's 1\.2 s were spent"):
        begun(submission).value("x")


def test_state_of_the_cells_comes_back_with_a_new_process(hand_in: HandIn) -> None:
    """After a death the cells run again, and what earlier calls left behind is gone."""
    submission = hand_in(
        "calls = 0\nlimit = 10",
        "limit += 1",
        "import os\ndef f():\n    global calls\n    calls += 1\n    return calls, limit\n"
        "def die():\n    os._exit(0)",
    )
    student = begun(submission)
    assert (student.f(), student.f()) == ((1, 11), (2, 11))
    with pytest.raises(StudentKilled, match="exited with status 0"):
        student.die()
    assert begun(submission).f() == (1, 11)


def test_a_lost_sandbox_is_nobodys_zero() -> None:
    """When the zygote dies it is our failure, not the student's."""
    with Sandbox("B", SHORT) as own:
        submission = Submission(own, [RunnableCell(0, "x = 1", False)], SHORT)  # noqa: FBT003 - no pictures
        submission.run_cells()
        own._process.kill()
        own._process.wait()
        assert not own.alive
        for _ in range(2):  # the worker is lost, and then there is nobody to start another
            with pytest.raises(InfrastructureError, match="zygote"):
                begun(submission).value("x")


def _course_files(root: Path) -> list[str]:
    """Return paths that a student would love to read."""
    return [
        *(str(PROJECT / place) for place in ("tests", "reference", "source", "numgrade")),
        str(PROJECT / "tests" / "calculus" / "test_derivative.py"),
        str(PROJECT / "reference" / "calculus.py"),
        str(root / ".numgrade" / "secret"),
        str(root / "gradebook.db"),
        str(root),
        str(Path.home()),
        str(Path(__file__)),
    ]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Return the paths of secrets; one is in the environment of this process as well."""
    root = tmp_path_factory.mktemp("course")
    (root / ".numgrade").mkdir()
    (root / ".numgrade" / "secret").write_bytes(b"sentinel")
    (root / "gradebook.db").write_bytes(b"sentinel")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMGRADE_SENTINEL", "sentinel")
        yield _course_files(root)


SPY = """
import os, socket, subprocess, sys

def tried(attempts):
    found = []
    for name, attempt in attempts:
        try:
            attempt()
        except (OSError, RuntimeError):
            continue
        found.append(name)
    return found

def read(path):
    return os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)

def files(paths):
    return tried((path, lambda path=path: read(path)) for path in paths)

def environment():
    return dict(os.environ)

def connect(*address):
    return lambda: socket.create_connection(address, 0.2).close()

def escapes(parent):
    return tried({
        "connect": connect("127.0.0.1", 22),
        "resolve": lambda: socket.getaddrinfo("example.org", 80),
        "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "unix": lambda: socket.socket(socket.AF_UNIX),
        "netlink": lambda: socket.socket(socket.AF_NETLINK),
        "fork": lambda: os.fork() or os._exit(0),
        "exec": lambda: subprocess.run(["/bin/true"]),
        "replace": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
        "spawn": lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}),
        "kill": lambda: os.kill(parent, 0),
        "kill parent": lambda: os.kill(os.getppid(), 0),
        "kill group": lambda: os.killpg(0, 0),
        "mount": lambda: os.chroot("/"),
        "link": lambda: os.symlink("/", "root"),
        "chmod": lambda: os.chmod(".", 0o777),
        "memfd": lambda: os.memfd_create("memory"),
        "write package": lambda: open(os.__file__ + ".new", "w"),
        "write root": lambda: open("/new", "w"),
        "write tmp": lambda: open("/tmp/new", "w"),
        "write shm": lambda: open("/dev/shm/new", "w"),
        "ptrace": lambda: ptrace(parent),
    }.items())

def ptrace(pid):
    import ctypes
    if ctypes.CDLL(None, use_errno=True).ptrace(16, pid, 0, 0) < 0:
        raise OSError("refused")

def descriptors():
    return [number for number in range(200) if is_open(number)]

def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
"""


@pytest.mark.parametrize("level", ["A", "B"])
def test_a_spy_finds_nothing(level: str, secrets: list[str]) -> None:
    """No file of the course, no account, no process, no network and no variable of ours."""
    system = ["/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/hosts", "/root", "/home", "/var"]
    processes = [f"/proc/{os.getpid()}/{name}" for name in ("environ", "maps", "mem", "cmdline")]
    processes += ["/proc/1/environ", "/proc/self/maps", "/proc/self/environ", "/proc", "/sys"]
    with Sandbox("A" if level == "A" else "B", SHORT) as own:
        submission = Submission(own, [RunnableCell(0, SPY, False)], LimitValues())  # noqa: FBT003 - no pictures
        submission.run_cells()
        student = begun(submission)
        assert student.files([*secrets, *system, *processes]) == []
        assert "sentinel" not in str(student.environment())
        assert str(PROJECT) not in str(student.environment())
        assert student.escapes(os.getpid()) == []
        assert student.descriptors() == [0, 1, 2, 3]
        submission.close()


def test_nothing_is_left_of_the_submission_before(hand_in: HandIn) -> None:
    """Files, variables, modules, patches and random states end with their submission."""
    spoil = """
import builtins, os, random, sys, types
import numpy as np
open("note.txt", "w").write("for my friend")
os.environ["NOTE"] = "for my friend"
sys.modules["note"] = types.ModuleType("note")
builtins.note = np.note = "for my friend"
np.allclose = lambda *_: True
np.seterr(all="raise")
np.set_printoptions(precision=1)
sys.path.insert(0, os.getcwd())
get_ipython().input_transformers_cleanup.append(lambda lines: [])
np.random.seed(1); random.seed(1)
os.chdir("/")
"""
    look = """
import builtins, os, random, sys
import numpy as np
def found():
    return [
        os.listdir("."), "NOTE" in os.environ, "note" in sys.modules, hasattr(builtins, "note"),
        hasattr(np, "note"), bool(np.allclose(0, 1)), np.geterr()["divide"],
        np.get_printoptions()["precision"], os.getcwd() in sys.path,
    ]
def drawn():
    return np.random.random(), random.random()
"""
    first = hand_in(spoil, "x = 1")
    assert not first.warnings
    second, third = hand_in(look), hand_in(look)
    clean = [[], False, False, False, False, False, "warn", 8, False]
    assert begun(second).found() == clean
    assert begun(third).found() == clean
    drawn = [*begun(second).drawn(), *begun(third).drawn()]
    assert len(set(drawn)) == 4


def test_magics_and_shell_escapes_start_nothing(hand_in: HandIn) -> None:
    """`!`, `%pip` and `%%bash` are skipped with a word, and the rest of the cell runs."""
    submission = hand_in(
        "!ls /\nx = 1", "%pip install numpy\ny = x + 1", "%%bash\nls /", "z = y + 1"
    )
    assert not submission.warnings
    assert begun(submission).value("z") == 3
    for cell in range(3):
        assert "do not run while a notebook is graded" in printed(submission, cell)


def test_input_is_an_error_and_does_not_wait(hand_in: HandIn) -> None:
    """A cell that asks for input gets EOFError, whose text says why."""
    submission = hand_in("name = input()", "def f(): return input()")
    assert submission.outcomes[0].outputs[0]["ename"] == "EOFError"
    assert "nobody to ask" in submission.outcomes[0].outputs[0]["evalue"]
    with pytest.raises(StudentRaised):
        begun(submission).f()
