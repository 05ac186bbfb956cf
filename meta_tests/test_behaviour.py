"""Wrong answers without a name are told apart: alike for code that behaves alike, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from meta_tests.spine import assignment_in, grade_here, notebook, within, write_course
from numgrade.behaviour import digest_of
from numgrade.recording import Failure, RecordedCall, Recording

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from numgrade.results import ExerciseResult
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]

REFERENCE = "def double(x):\n    return 2 * x\n"
CHECKS = '''
@pytest.mark.points(1)
def test_value(student, rng):
    """Twice the number comes out."""
    x = rng.uniform(1, 2)
    assert abs(student.double(x) - 2 * x) < 1e-9


@pytest.mark.points(1)
def test_array(student, rng):
    """Twice each number comes out."""
    x = rng.uniform(1, 2, size=3)
    assert np.allclose(student.double(x), 2 * x)
'''
KNOWN = '"""Four times the number."""\ndef double(x):\n    return 4 * x\n'


def digest(*outcomes: Any, after: dict[int, Any] | None = None) -> str | None:  # noqa: ANN401
    """Return the digest of a check that calls once for each outcome."""
    recording = Recording()
    for outcome in outcomes:
        recording.keep(RecordedCall("f", None, outcome, after or {}), 1)
    return digest_of([recording])


@pytest.mark.parametrize(
    "answer", [1.0, 1e-12, 2 + 1j, [1.0, 2.0], np.array([0.0, 3.0]), np.linspace(-1, 1, 9)]
)
def test_rounding_makes_no_difference(answer: Any) -> None:  # noqa: ANN401 - any answer
    """Two writings of a formula have one digest, as a list and an array have."""
    nearly = np.asarray(answer) * (1 + 3e-13)
    assert digest(answer) == digest(nearly) == digest(np.asarray(answer))


@pytest.mark.parametrize(
    "other", [2.0, -1.0, 1.001, 1e-3, None, "1.0", np.nan, np.inf, [1.0], (1.0,), 1j, 1 + 1j, 0.0]
)
def test_other_answers_have_other_digests(other: Any) -> None:  # noqa: ANN401 - any answer
    """Half, the opposite, a thousandth more, another kind: none is taken for the answer 1."""
    assert digest(other) != digest(1.0)
    assert digest(1.0, other) != digest(1.0)


def test_zeros_have_no_sign() -> None:
    """Beside a number, what is 0 but for rounding is 0."""
    assert digest([1.0, 0.0]) == digest([1.0, -0.0]) == digest([1.0, -1e-17])


def test_changed_arguments_and_exceptions_count() -> None:
    """What a call did to its arguments is behaviour, too; one that was stopped has none."""
    assert digest(1.0, after={0: [1.0]}) != digest(1.0)
    assert digest(Failure("raised", "TypeError")) != digest(Failure("raised", "ValueError"))
    assert digest(1.0, Failure("stopped")) is None


@pytest.fixture
def found(tmp_path: Path, sandbox: Sandbox) -> dict[str, ExerciseResult]:
    """Return what becomes of several students' exercise, by the student."""
    root = write_course(tmp_path, {"double": CHECKS}, {"double": 2}, REFERENCE)
    bank = root / "tests" / "mini" / "mistakes" / "double"
    bank.mkdir(parents=True)
    (bank / "quadruple.py").write_text(KNOWN)
    bodies = {
        "right": "return x + x",
        "triple": "return 3 * x",
        "triple, otherwise": "return x + x + x",
        "half": "return x / 2",
        "known": "return 4 * x",
        "hangs": "while True: pass",
        "on one check": "return 2 * x if np.ndim(x) else 0.0",
    }
    notebooks: dict[str, bytes | None] = {
        student: notebook(root, double=f"import numpy as np\ndef double(x):\n    {body}")
        for student, body in bodies.items()
    }
    notebooks["untouched"] = notebook(root)
    assignment = assignment_in(root, limits=within(check_seconds=0.3))
    graded = grade_here(assignment, sandbox, notebooks)
    return {student: each.result.exercises[0] for student, each in graded.items()}


def test_students_with_one_mistake_are_together(found: dict[str, ExerciseResult]) -> None:
    """Only wrong answers without a name have a behaviour; equal mistakes have equal ones."""
    seen = {student: exercise.behaviour for student, exercise in found.items()}
    assert seen["triple"] == seen["triple, otherwise"] is not None
    assert len({seen["triple"], seen["half"], seen["on one check"]} - {None}) == 3
    assert found["known"].diagnosis == "quadruple"
    assert {seen[each] for each in ("right", "known", "hangs", "untouched")} == {None}
