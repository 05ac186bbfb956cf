"""Look for what attackers achieved, in what there is to see from outside."""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from meta_tests.attacks import pages, watch
from meta_tests.attacks.arena import SUBMISSION_SECONDS
from meta_tests.attacks.report import NEIGHBOURS, POINTS, SECRETS, THROUGH, UNKNOWN, Breach
from numgrade.results import SubmissionStatus

if TYPE_CHECKING:
    from meta_tests.attacks.arena import Arena
    from meta_tests.attacks.corpus import Attack
    from numgrade.results import SubmissionResult

CONFESSION = "THROUGH: "
"""Begins the lines in which an attack says itself that it got through."""

_LATE_SECONDS = 4.0
_MAX_GRADER_MB = 1000.0
_PATIENCE = 50
_BROKEN = ("NameError:", "SyntaxError:", "ImportError:", "ModuleNotFoundError:", "AttributeError:")


class Judge:
    """Compares what there is after a run with what there should be.

    Parameters
    ----------
    arena : Arena
        The course, graded.
    results : dict of str to SubmissionResult
        The results by student.

    Attributes
    ----------
    breaches : list of Breach
        What was found.
    broken : list of str
        Attacks that do not run as they should.
    grader_mb : float
        Memory of the largest grader.
    """

    def __init__(self, arena: Arena, results: dict[str, SubmissionResult]) -> None:
        self._arena = arena
        self._results = results
        self.breaches: list[Breach] = []
        self.broken: list[str] = []
        self.grader_mb = 0.0

    def attackers(self, *, show: bool) -> None:
        """Judge each attacker's record and pages; with `show`, print what their cells printed."""
        for student, attack in self._arena.attackers.items():
            self._record(attack, self._results[student])
            for file, data in self._arena.pages(student).items():
                for kind in self._arena.secrets.found_in(data):
                    self._add(attack.path, SECRETS, f"{kind}, in {file}")
                if file.endswith(".html"):
                    faults = pages.faults_of_html(data.decode(), is_page=True)
                else:
                    notebook = msgspec.json.decode(data)
                    faults = pages.faults_of_notebook(notebook)
                    self._printed(attack, notebook, show=show)
                for fault in faults:
                    self._add(attack.path, THROUGH, f"{fault} in {file}")

    def neighbours(self, alone: dict[str, Any], among: dict[str, Any]) -> None:
        """Compare what honest students got without attackers and among them."""
        for student in self._arena.neighbours:
            if alone[student.name] != among[student.name]:
                suspect = self._arena.suspect(student)
                self._add(suspect.path, NEIGHBOURS, f"{student.name}: {among[student.name][0]}")

    def traces(self, before: dict[str, watch.FileState], received: list[str]) -> None:
        """Look for changed and left files, for messages that came, for processes that still run."""
        after = watch.snapshot(self._arena.untouchable)
        left = watch.marked_files(self._arena.course.root, self._arena.course.state)
        left += [path for path in Path(tempfile.gettempdir()).iterdir() if path not in left]
        events = [f"changed: {path}" for path in watch.differences(before, after)]
        events += [f"left behind: {path}" for path in left]
        events += [f"reached us: {message}" for message in received]
        events += [f"still running: {command}" for command in _still_running()]
        for path in left:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        # The largest of our children: a grader, which may have kept what attackers sent.
        self.grader_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        if self.grader_mb > _MAX_GRADER_MB:
            events.append(f"a grader grew to {self.grader_mb:.0f} MB")
        for event in events:
            self._add(self._culprit(event), THROUGH, event)
            for kind in self._arena.secrets.found_in(event.encode()):
                self._add(self._culprit(event), SECRETS, f"{kind}: {event}")

    def _record(self, attack: Attack, result: SubmissionResult) -> None:
        for exercise in result.exercises:
            fair = exercise.max_score if exercise.name in attack.honest else 0.0
            if exercise.score > fair:
                passed = [check.name for check in exercise.checks if check.points]
                text = f"in {exercise.name}, by {', '.join(passed) or 'nothing'}"
                self._add(attack.path, POINTS, text, exercise.score - fair)
            if attack.spares and exercise.score < fair:
                self._add(attack.path, THROUGH, f"spoilt {exercise.name}, an honest exercise")
        if result.status is SubmissionStatus.UNSCORED:
            self._add(attack.path, THROUGH, f"unscored: {result.warnings[-1:]}")
        if result.status is SubmissionStatus.UNREADABLE and not (attack.change or attack.hand_in):
            self.broken.append(f"{attack.path}: {result.warnings}")
        if result.seconds > SUBMISSION_SECONDS + _LATE_SECONDS:
            self._add(attack.path, THROUGH, f"held its grader for {result.seconds:.1f} s")
        for kind in self._arena.secrets.found_in(result.to_json()):
            self._add(attack.path, SECRETS, f"{kind}, in its record")
        checks = [check for exercise in result.exercises for check in exercise.checks]
        texts = [*result.warnings, *(check.message for check in checks)]
        for fault in pages.faults_of_text("".join(texts)):
            self._add(attack.path, THROUGH, f"{fault} in its record")

    def _printed(self, attack: Attack, notebook: dict[str, Any], *, show: bool) -> None:
        """Look for confessions in what the cells of the attacker's own printed."""
        texts = [
            pages.text_of(output)
            for cell in notebook["cells"]
            if cell["cell_type"] == "code" and "nbgrader" not in cell["metadata"]
            for output in cell["outputs"]
        ]
        if show:
            print(f"=== {attack.path}", *texts, sep="\n")  # noqa: T201 - asked for
        for line in "\n".join(texts).splitlines():
            if line.startswith(CONFESSION):
                self._add(attack.path, THROUGH, line.removeprefix(CONFESSION))
            if line.startswith(_BROKEN):
                self.broken.append(f"{attack.path}: {line}")

    def _culprit(self, event: str) -> str:
        """Return the attack whose name is in the name of a file or in a message."""
        attacks = self._arena.attackers.values()
        return next((a.path for a in attacks if a.path.replace("/", "-") in event), UNKNOWN)

    def _add(self, attack: str, kind: str, text: str, amount: float = 1.0) -> None:
        self.breaches.append(Breach(attack, kind, text[:300], amount))


def _still_running() -> list[str]:
    """Return the command lines of our descendants, after those that are ending have ended."""
    running = watch.descendants()
    for _ in range(_PATIENCE):
        if not running:
            break
        time.sleep(0.1)
        running = watch.descendants()
    return list(running.values())
