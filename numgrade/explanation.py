"""What a student is told about failed checks: a diagnosis with its hint, or the values themselves.

An author decides for each check, by `@pytest.mark.tells("name")`, "hint" or "values".
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from numgrade.deadline import deadline, silently, start_clock
from numgrade.diagnosis import Diagnosis
from numgrade.errors import StudentTimedOut
from numgrade.evaluation import quiet_evaluation
from numgrade.items import Check
from numgrade.recording import Failure, Recording
from numgrade.replay import replay
from numgrade.results import CheckResult, CheckStatus, ExerciseResult
from numgrade.values import Unpacker

if TYPE_CHECKING:
    from collections.abc import Collection

    from numgrade.assignment import Assignment
    from numgrade.checks import Suite
    from numgrade.recording import RecordedCall

MAX_CALLS_SHOWN = 3
MAX_VALUE_SHOWN = 300
"""Characters of one value."""

_MANY = 20  # elements of an array, beyond which its middle is left out


class Examined(msgspec.Struct, frozen=True):
    """A check that has run on a submission, its result, and the calls that it made."""

    check: Check
    result: CheckResult
    recording: Recording

    @property
    def has_failed(self) -> bool:
        """Whether the student lost its points."""
        return self.result.status not in {CheckStatus.PASSED, CheckStatus.NOT_RUN}


class Explained(msgspec.Struct, frozen=True):
    """The results of a submission's exercises, and the hints that its student gets."""

    exercises: tuple[ExerciseResult, ...]
    hints: dict[str, str]


class Explainer:
    """Explains to students what was wrong.

    Parameters
    ----------
    assignment : Assignment
        Whose bank of mistakes is used.
    suite : Suite
        Its checks.

    Raises
    ------
    CourseError
        If the bank or the reference is broken.
    """

    def __init__(self, assignment: Assignment, suite: Suite) -> None:
        self._reference = vars(suite.reference)
        self._diagnosis = Diagnosis(Path(assignment.checks), self._reference)

    def explain(
        self, names: Collection[str], examined: list[Examined], untouched: Collection[str]
    ) -> Explained:
        """Return the results of exercises, with what a student may know of the failures.

        Parameters
        ----------
        names : collection of str
            The exercises, in the order of the results.
        examined : list of Examined
            All checks of the submission, in their order.
        untouched : collection of str
            Exercises that the student has left as they were released.
        """
        results, hints = [], {}
        for name in names:
            own = [each for each in examined if each.check.exercise == name]
            found = None if name in untouched else self._diagnosed(name, own)
            results.append(ExerciseResult.of(name, map(self._told, own), found))
            if found and any(each.has_failed and each.check.tells != "name" for each in own):
                hints[f"{name}/{found}"] = self._diagnosis.hints[f"{name}/{found}"]
        return Explained(tuple(results), hints)

    def _diagnosed(self, name: str, examined: list[Examined]) -> str | None:
        failed = [each.recording for each in examined if each.has_failed]
        if not failed:
            return None
        passed = [each.recording for each in examined if each.result.status is CheckStatus.PASSED]
        return self._diagnosis.of(name, failed, passed)

    def _told(self, examined: Examined) -> CheckResult:
        """Return a result with the message that its author wants students to read."""
        result = examined.result
        if not examined.has_failed or examined.check.tells == "hint":
            return result
        if examined.check.tells == "name":
            return msgspec.structs.replace(result, message="")
        calls = examined.recording.calls[-MAX_CALLS_SHOWN:]
        values = " ".join(_in_words(call, self._right_answer(call)) for call in calls)
        return msgspec.structs.replace(result, message=f"{result.message} {values}".strip())

    def _right_answer(self, call: RecordedCall) -> Any:  # noqa: ANN401 - whatever it returns
        with silently(), quiet_evaluation(), deadline():
            start_clock()
            try:
                return replay(self._reference, call).outcome
            except StudentTimedOut:
                return Failure("stopped")


def _in_words(call: RecordedCall, right: Any) -> str:  # noqa: ANN401
    """Return a sentence: what was called, what it returned, what would have been right."""
    expected = "" if isinstance(right, Failure) else f", and {_shown(right)} is right"
    return f"{_question(call)} {_outcome(call.outcome)}{expected}."


def _question(call: RecordedCall) -> str:
    if call.sent is None:
        return call.name
    unpacker = Unpacker(bytearray(b"".join(call.sent.buffers)), lambda _: _AFunction())
    args = [_shown(unpacker.unpack(wire)) for wire in call.sent.args]
    named = [f"{key}={_shown(unpacker.unpack(wire))}" for key, wire in call.sent.kwargs.items()]
    return f"{call.name}({', '.join(args + named)})"


def _outcome(outcome: Any) -> str:  # noqa: ANN401 - an answer or a failure
    if not isinstance(outcome, Failure):
        return f"gave {_shown(outcome)}"
    return f"raised {outcome.detail}" if outcome.kind == "raised" else "gave no answer"


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever travels
    """Return a value as NumPy prints it, on one line and not too long."""
    with np.printoptions(precision=8, threshold=_MANY, edgeitems=3):
        text = str(value) if isinstance(value, np.generic) else repr(value)
    line = " ".join(text.split())
    return line if len(line) <= MAX_VALUE_SHOWN else f"{line[:MAX_VALUE_SHOWN]}..."


class _AFunction:
    """Stands for a function of the check where its call is shown."""

    def __call__(self) -> None:
        """Do nothing: nobody calls it."""

    def __repr__(self) -> str:
        return "f"
