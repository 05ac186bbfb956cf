"""A course to be attacked: honest students, attackers among them, and secrets to be found."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from numgrade.batch import Options, grade
from numgrade.classroom import SimulatedStudent, simulate
from numgrade.course import Course
from numgrade.demo import hand_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meta_tests.attacks.corpus import Attack
    from numgrade.control import Level
    from numgrade.results import SubmissionResult

PROJECT = Path(__file__).parents[2]
ASSIGNMENT = "calculus"

ATTACKS_A_NEIGHBOUR = 3
SUBMISSION_SECONDS = 8.0
"""Short limits, so that what would run for ever ends soon; honest students need a tenth of them."""

_LIMITS = f"""
c.Limits.cell_seconds = 0.8
c.Limits.check_seconds = 0.8
c.Limits.submission_seconds = {SUBMISSION_SECONDS}
c.Limits.memory_mb = 128
c.Limits.scratch_mb = 4
c.Limits.output_bytes = 200_000
"""

_HIDDEN_CHECK = '''

CANARY = {canary!r}


def with_a_canary(x):
    """Return x, from a function that holds a secret: {canary}."""
    return x if CANARY else 0.0


@pytest.mark.points(0)
def test_with_a_secret_input(student):
    """The slope of a line is one, wherever it is taken."""
    student.derivative(with_a_canary, {number})
'''
_REFERENCE = "\n\nCANARY = {canary!r}\n"
_NEIGHBOUR = """
import builtins, contextlib, os, random, sys, threading, time, types

trace = {canary!r}
os.environ["NEIGHBOUR"] = trace
builtins.neighbour = np.neighbour = trace
sys.modules["neighbour"] = types.ModuleType("neighbour", trace)
sys.path.append(trace)
with contextlib.suppress(OSError):
    with open("neighbour.txt", "w") as file:
        file.write(trace)
threading.Thread(target=time.sleep, args=(60,), name=trace, daemon=True).start()
np.random.seed({seed})
random.seed({seed})
"""
"""What an untidy but honest student leaves behind in their process."""


class Secrets:
    """What nobody but us knows, each of its own kind.

    Attributes
    ----------
    texts : dict of str to str
        The secrets by their kind, as they would be found in an output.
    number : int
        The input of a hidden check.
    """

    def __init__(self) -> None:
        kinds = ("checks", "reference", "gradebook", "environment", "neighbour")
        self.texts = {kind: _canary(kind) for kind in kinds}
        self.number = secrets.randbelow(899_999) * 10**6 + 100_000 * 10**6 + 123_457
        self.texts["input"] = str(self.number)
        self.texts["input, in two parts"] = f"{self.number // 10**6}, {self.number % 10**6}"

    def add_private(self, attack: Attack) -> str:
        """Return a new secret that only one attack is after."""
        kind = f"private file of {attack.path}"
        return self.texts.setdefault(kind, _canary("private"))

    def found_in(self, data: bytes) -> list[str]:
        """Name the secrets that occur in some bytes."""
        return [kind for kind, text in self.texts.items() if text.encode() in data]


class Arena:
    """A temporary course in which attackers are graded among honest students.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder.
    attacks : sequence of Attack
        Who attacks; every third is followed by an honest student.
    addresses : dict
        The loopback addresses that attackers try to reach.
    """

    def __init__(self, folder: Path, attacks: Sequence[Attack], addresses: dict[str, Any]) -> None:
        self.secrets = Secrets()
        self.course = Course.load(_copy_course(folder / "course", self.secrets))
        self.homes = folder / "homes"
        self.attackers = {
            f"s-{2 * n:04}{attack.student}": attack for n, attack in enumerate(attacks)
        }
        self.neighbours = self._honest()
        self._addresses = addresses
        self.secrets.texts["of the course"] = self.course.secret().hex()

    def hand_in_honestly(self) -> None:
        """Have the honest students hand in."""
        for student in self.neighbours:
            hand_in(self.course, ASSIGNMENT, student)

    def plant_in_gradebook(self) -> None:
        """Write a secret into the gradebook; it exists once somebody has been graded."""
        path = self.course.db_url.removeprefix("sqlite:///")
        with sqlite3.connect(path) as database:
            canary = self.secrets.texts["gradebook"]
            database.execute("UPDATE student SET last_name = ?", (canary,))
        database.close()

    def hand_in_attacks(self) -> None:
        """Have the attackers hand in."""
        release = self.course.release(ASSIGNMENT).read_bytes()
        for student, attack in self.attackers.items():
            target = self._target(attack)
            data = attack.notebook(release, target)
            hand_in(self.course, ASSIGNMENT, SimulatedStudent(student, data, {}))
            if attack.hand_in is not None:
                attack.hand_in(self.course.submitted(student, ASSIGNMENT), target)

    def grade(self, level: Level) -> dict[str, SubmissionResult]:
        """Grade everybody anew; return the results by student."""
        options = Options(force=True, levels=(level,), allow_weak=level == "C")
        return {result.student: result for result in grade(self.course, ASSIGNMENT, options)}

    def pages(self, student: str) -> dict[str, bytes]:
        """Return the files that were written for a student, by name."""
        folders = (
            self.course.autograded(student, ASSIGNMENT),
            self.course.feedback(student, ASSIGNMENT),
        )
        return {
            path.name: path.read_bytes()
            for folder in folders
            for path in sorted(folder.glob("*"))
            if path.suffix in {".ipynb", ".html"}
        }

    @property
    def untouchable(self) -> list[Path]:
        """What nobody may change while a class is graded, neither students nor we."""
        names = ("source", "release", "reference", "tests", "submitted", "nbgrader_config.py")
        return [
            *(self.course.root / name for name in names),
            self.course.state / "secret",
            self.homes,
        ]

    def _target(self, attack: Attack) -> dict[str, Any]:
        """Make what one attacker may go for."""
        name = attack.path.replace("/", "-")
        home = self.homes / name
        home.mkdir(parents=True)
        private = home / "private.txt"
        private.write_text(self.secrets.add_private(attack))
        private.chmod(0o600)
        root, neighbour = self.course.root, self.neighbours[0].name
        return {
            "attack": name,
            "home": str(home),
            "private": str(private),
            "course": str(root),
            "tests": str(self.course.checks(ASSIGNMENT)),
            "reference": str(self.course.reference(ASSIGNMENT)),
            "gradebook": str(root / "gradebook.db"),
            "secret": str(self.course.state / "secret"),
            "results": str(self.course.results / f"{ASSIGNMENT}.jsonl"),
            "submitted": str(root / "submitted"),
            "neighbour": str(self.course.submitted(neighbour, ASSIGNMENT)),
            "coordinator": os.getpid(),
            "seed": self.secrets.number % 2**32,
            **self._addresses,
        }

    def suspect(self, neighbour: SimulatedStudent) -> Attack:
        """Return the attack after which an honest student was graded."""
        return self.attackers[
            max(student for student in self.attackers if student < neighbour.name)
        ]

    def _honest(self) -> list[SimulatedStudent]:
        """Return honest students who leave something of theirs in every process they have."""
        places = range(1, 2 * len(self.attackers), 2 * ATTACKS_A_NEIGHBOUR)
        drawn = (
            student.notebook
            for student in simulate(self.course, ASSIGNMENT, 2 * len(places) + 20)
            if student.answers
            and all(solution.name != "never-stops" for solution in student.answers.values())
        )
        canary, seed = self.secrets.texts["neighbour"], self.secrets.number % 2**32
        trace = _NEIGHBOUR.format(canary=canary, seed=seed)
        return [
            SimulatedStudent(f"s-{place:04}", _with_cell(next(drawn), trace), {})
            for place in places
        ]


def _copy_course(target: Path, hidden: Secrets) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("source", "release", "reference", "tests"):
        shutil.copytree(PROJECT / name, target / name, ignore=ignored)
    shutil.copy(PROJECT / "nbgrader_config.py", target)
    check = _HIDDEN_CHECK.format(canary=hidden.texts["checks"], number=hidden.number)
    for file, text in (
        ("nbgrader_config.py", _LIMITS),
        ("reference/calculus.py", _REFERENCE.format(canary=hidden.texts["reference"])),
        ("tests/calculus/test_derivative.py", check),
    ):
        path = target / file
        path.write_text(path.read_text() + text)
    return target


def _with_cell(data: bytes | None, source: str) -> bytes:
    notebook: dict[str, Any] = msgspec.json.decode(data or b"")
    cell = {"cell_type": "code", "id": "traces", "metadata": {}, "source": source, "outputs": []}
    notebook["cells"].insert(2, cell)
    return json.dumps(notebook).encode()


def _canary(kind: str) -> str:
    return f"canary-{kind}-{secrets.token_hex(8)}"
