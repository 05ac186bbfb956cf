"""What students are told, on the whole path: the record's diagnosis, messages, hints, the page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
import pytest

from meta_tests.spine import (
    PROJECT,
    assignment_in,
    grade_here,
    notebook,
    run_suite,
    write_course,
)
from numgrade.classroom import fill
from numgrade.errors import CourseError
from numgrade.results import CheckStatus

if TYPE_CHECKING:
    from pathlib import Path

    from numgrade.desk import Graded
    from numgrade.results import ExerciseResult
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]

POINT, ANSWER = "1.734512", "5.203536"
"""A hidden input, and the answer that is right there."""

CHECK = '''
from numgrade.assertions import assert_close
from numgrade.tolerance import round_off


@pytest.mark.points(1)
@pytest.mark.tells("{tells}")
def test_of_a_point(student, reference):
    """The triple of a number comes out right."""
    x = {point}
    assert_close(student.{tells}(x), reference.{tells}(x), round_off(x, 2))


@pytest.mark.points(1)
def test_of_zero(student):
    """Zero stays zero."""
    assert student.{tells}(0.0) == 0
'''
TELLS = "name", "hint", "values"
REFERENCE = "".join(f"def {name}(x):\n    return 3 * x\n\n\n" for name in TELLS)
HINT = "The number comes back <twice>, where three were wanted. Look at the factor."
RIGHT = "def {name}(number):\n    return 3 * number\n"
TWICE = "def {name}(number):\n    total = number + number\n    return total\n"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course with three exercises alike, of which students are told more and more."""
    checks = {name: CHECK.format(tells=name, point=POINT) for name in TELLS}
    write_course(tmp_path, checks, dict.fromkeys(TELLS, 2.0), REFERENCE)
    for name in TELLS:
        bank = tmp_path / "tests" / "mini" / "mistakes" / name
        bank.mkdir(parents=True)
        source = f'"""{HINT}"""\n\n\ndef {name}(x):\n    return 2 * x\n'
        (bank / "only-twice.py").write_text(source, encoding="utf-8")
    return tmp_path


def answers(course: Path, **sources: str) -> bytes:
    """Return a notebook with right answers, but for some."""
    right = {name: RIGHT.format(name=name) for name in TELLS}
    return notebook(course, **{**right, **sources})


def everything(graded: Graded) -> str:
    """Return all that is written for a student: the record, the page, the notebook."""
    return f"{graded.result} {graded.feedback} {(graded.notebook or b'').decode()}"


def exercises_of(graded: Graded) -> dict[str, ExerciseResult]:
    """Return the exercises of a record by name."""
    return {exercise.name: exercise for exercise in graded.result.exercises}


def test_an_author_decides_what_is_told(course: Path, sandbox: Sandbox) -> None:
    """That a check failed, why and a hint, or the very values: the mark `tells` of each says."""
    data = {name: answers(course, **{name: TWICE.format(name=name)}) for name in TELLS}
    told = grade_here(assignment_in(course), sandbox, data)
    for name, graded in told.items():
        assert exercises_of(graded)[name].diagnosis == "only-twice"
        assert graded.result.score == 5
        shows_hint, shows_values = name != "name", name == "values"
        assert ("only twice" in str(graded.feedback)) is shows_hint
        assert ("The number comes back &lt;twice&gt;" in str(graded.feedback)) is shows_hint
        assert (POINT in everything(graded)) is shows_values
        assert (ANSWER in everything(graded)) is shows_values
    messages = {name: exercises_of(graded)[name].checks[0].message for name, graded in told.items()}
    assert messages["name"] == ""
    assert messages["hint"].startswith("The answer is not right: its error is")
    assert messages["values"].startswith(messages["hint"])
    assert messages["values"].endswith(f"values({POINT}) gave 3.469024, and {ANSWER} is right.")


LEAKS = {
    "a print": "def hint(x):\n    print('the input is', x)\n    return 2 * x\n",
    "the text of an exception": "def hint(x):\n    raise ValueError(f'the input is {x}')\n",
    "the name of an exception": (
        "def hint(x):\n    raise type(f'Input_{x}'.replace('.', '_'), (ValueError,), {})\n"
    ),
    "the name of an attribute": (
        "def hint(x):\n    return getattr(x, f'input{x}'.replace('.', '_'))\n"
    ),
    "the name of a kind": "def hint(x):\n    return type(f'Input_{x}', (), {})()\n",
    "a text": "def hint(x):\n    return f'the input is {x}'\n",
    "a key": "def hint(x):\n    return {f'input {x}': x}\n",
}


@pytest.mark.parametrize("leak", LEAKS)
def test_no_input_leaks_through_the_students_words(
    course: Path, sandbox: Sandbox, leak: str
) -> None:
    """What student code prints, raises or names while it is checked is told in words of ours."""
    data = {"ada": answers(course, hint=LEAKS[leak])}
    graded = grade_here(assignment_in(course), sandbox, data)["ada"]
    written = everything(graded)
    assert not exercises_of(graded)["hint"].checks[0].points
    for digits in (POINT, POINT.replace(".", "_"), ANSWER, "the input is 1", "Input_1", "input1"):
        assert digits not in written


PLAIN = {
    "None": ("pass", "The function returned None: does it end with a return statement?"),
    "a tuple": ("return x, 3 * x", "The function returned a tuple of 2 values"),
    "a shape": ("return np.array([x, x])", "an array of shape (2,); a single number is asked for"),
    "a text": ("return str(x)", "The function returned text"),
    "a generator": ("yield 3 * x", "hint gave a generator, which is not an answer."),
    "an exception": ("return x / 0", "hint raised ZeroDivisionError."),
    "removed API": ("return np.trapz([x, x])", "NumPy has no trapz any more: write np.trapezoid"),
    "NaN": ("return x * np.nan", "holds NaN (not a number)"),
}


def test_answers_of_a_wrong_kind_are_named_plainly(course: Path, sandbox: Sandbox) -> None:
    """Without any known mistake the message says what kind of answer came back."""
    cells = {
        name: f"import numpy as np\ndef hint(x):\n    {body}\n" for name, (body, _) in PLAIN.items()
    }
    data = {name: notebook(course, hint=cell) for name, cell in cells.items()}
    for name, graded in grade_here(assignment_in(course), sandbox, data).items():
        exercise = exercises_of(graded)["hint"]
        assert PLAIN[name][1] in exercise.checks[0].message, name
        assert exercise.diagnosis is None, name


def test_an_untouched_stub_gets_no_diagnosis(course: Path, sandbox: Sandbox) -> None:
    """The release as it is, and a cell that was emptied, are no known mistake."""
    bank = course / "tests" / "mini" / "mistakes" / "hint"
    (bank / "unfinished.py").write_text('"""H."""\ndef hint(x):\n    raise NotImplementedError\n')
    data = {"ada": notebook(course), "ben": notebook(course, hint="")}
    for graded in grade_here(assignment_in(course), sandbox, data).values():
        assert {exercise.diagnosis for exercise in graded.result.exercises} == {None}
        assert graded.result.score == 0


def test_a_wrong_word_is_the_authors_mistake(course: Path) -> None:
    """An author who writes a word that means nothing is told which ones there are."""
    path = course / "tests" / "mini" / "test_hint.py"
    path.write_text(path.read_text().replace('tells("hint")', 'tells("all")'), encoding="utf-8")
    with pytest.raises(CourseError, match='tells takes one of "name", "hint", "values"'):
        run_suite(assignment_in(course), lambda _: None)


LESSON = {
    "derivative": """
def derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)
""",
    "numerical_gradient": """
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for i in range(len(x)):
        x_h = x.copy()
        x_h[i] += h
        grad[i] = (f(x_h) - f(x)) / h
    return grad
""",
    "trapezoidal_integration": """
def trapezoidal_integration(f, a, b, n=1000):
    x = np.linspace(a, b, n)
    y = f(x)
    dx = (b - a) / n
    return np.sum((y[:-1] + y[1:]) / 2) * dx
""",
    "gradient_descent": """
def gradient_descent(f, grad_f, x0, learning_rate=0.01, iterations=100):
    x = x0.copy()
    for i in range(iterations):
        grad = grad_f(x)
        x = x - learning_rate * grad
    return x
""",
    "partial_derivative": """
def partial_derivative(f, x, i, h=1e-5):
    x_h = x.copy()
    x_h[i] += h
    return (f(x_h) - f(x)) / h
""",
    "quiz": 'quiz_answer = "b"',
}
"""The solutions of the lesson that the assignment belongs to, word by word."""


@pytest.fixture(scope="module")
def lesson(sandbox: Sandbox) -> Graded:
    """Return the graded notebook of a student who copied the lesson."""
    release = (PROJECT / "release" / "calculus" / "calculus.ipynb").read_bytes()
    sources = {name: f"import numpy as np\n{source}" for name, source in LESSON.items()}
    assignment = assignment_in(PROJECT, "calculus")
    return grade_here(assignment, sandbox, {"ada": fill(release, sources)})["ada"]


def test_the_lessons_slips_are_named(lesson: Graded) -> None:
    """The biased trapezoid, the start from a float and integer points each get their own hint."""
    found = {name: exercise.diagnosis for name, exercise in exercises_of(lesson).items()}
    assert found == {
        "derivative": None,
        "numerical_gradient": "lesson-integer-point",
        "trapezoidal_integration": "lesson-width",
        "gradient_descent": "lesson-copy",
        "partial_derivative": "lesson-integer-point",
        "quiz": None,
    }
    page = " ".join(str(lesson.feedback).split())
    assert "The area is a little too small, by one part in n" in page
    assert "a plain number stops with an AttributeError: a float has no method copy" in page


def test_the_lesson_gets_partial_credit(lesson: Graded) -> None:
    """Copied slips cost what they are worth: accuracy, the float start, integer points."""
    lost = {
        (exercise.name, check.name.partition("[")[0])
        for exercise in lesson.result.exercises
        for check in exercise.checks
        if check.status is not CheckStatus.PASSED
    }
    assert {name for name, _ in lost} == set(LESSON) - {"derivative", "quiz"}
    assert {check for name, check in lost if name == "gradient_descent"} == {"test_float_start"}
    for name in ("numerical_gradient", "partial_derivative"):
        assert {check for own, check in lost if own == name} == {"test_works_on_integers"}
    exercises = exercises_of(lesson)
    scores = {name: exercise.score for name, exercise in exercises.items()}
    trapezoid = scores.pop("trapezoidal_integration")
    assert 0 < trapezoid < 4
    assert scores == {
        "derivative": 4,
        "numerical_gradient": 3.75,
        "gradient_descent": 3.5,
        "partial_derivative": 2.75,
        "quiz": 1,
    }


def test_the_record_travels_with_its_diagnosis(lesson: Graded) -> None:
    """A record is data: the names of the mistakes are in its JSON, for tables and reports."""
    record = json.loads(msgspec.json.encode(lesson.result))
    names = [exercise["diagnosis"] for exercise in record["exercises"]]
    assert sorted(filter(None, names)) == [
        "lesson-copy",
        "lesson-integer-point",
        "lesson-integer-point",
        "lesson-width",
    ]
