"""Pictures show a student's own answers on public inputs, and no mark hangs on them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from meta_tests.spine import assignment_in, grade_here, notebook, write_course
from numgrade import illustrations
from numgrade.banks import Solution, read_banks
from numgrade.candidates import Candidate
from numgrade.errors import CourseError, StudentKilled, StudentTimedOut
from numgrade.evaluation import Evaluations, quiet_evaluation
from numgrade.illustrations import FILE, Illustrator, Pictures
from numgrade.local import LocalStudent, load_module
from numgrade.plot_svg import as_figure
from numgrade.plots import (
    LEAST_ERROR,
    MAX_POINTS,
    AreaPlot,
    DescentPlot,
    ErrorPlot,
    Plot,
    area_plot,
    descent_plot,
    error_plot,
)
from numgrade.student import CallRecord, Student
from numgrade.trials import namespace_of

if TYPE_CHECKING:
    from meta_tests.spine import HandIn
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]

PROJECT = Path(__file__).parents[1]
ASSIGNMENTS = ("calculus", "rootfinding")
BANKS = [
    (assignment, each)
    for assignment in ASSIGNMENTS
    for each in read_banks(PROJECT / "tests" / assignment)
    if each.exercise != "quiz"
]
STEPS = (0.1, 0.01, 0.001, 1e-5)

DOUBLE = "def double(x):\n    return 2 * x\n"
CHECK = '''
@pytest.mark.points(2)
def test_value(student):
    """Twice the number comes out."""
    assert student.double(1.0) == 2
'''
PICTURE = '''
from numgrade.illustrations import illustrates
from numgrade.plots import error_plot

@illustrates("double")
def picture(student, reference):
    """Errors of <your> double."""
    return error_plot(student.double, reference.double, exact=1.0, steps=(0.1, 0.01, 0.001))
'''


@pytest.fixture(scope="module")
def illustrators() -> dict[str, Illustrator]:
    """Return the pictures of this project's assignments."""
    return {
        name: Illustrator(
            PROJECT / "tests" / name, load_module(PROJECT / f"reference/{name}.py", "illustrated")
        )
        for name in ASSIGNMENTS
    }


def drawn(illustrator: Illustrator, solution: Solution) -> Pictures:
    """Return the pictures of a member of a bank, run in this process."""
    candidate = Candidate("variant", solution.exercise, solution.name, solution.source)
    namespace = namespace_of(candidate)
    with quiet_evaluation():
        return illustrator.draw(lambda: LocalStudent(namespace))


def course_with(folder: Path, picture: str) -> Path:
    """Return a course with an exercise that is illustrated."""
    root = write_course(folder, {"double": CHECK}, {"double": 2}, DOUBLE)
    (root / "tests" / "mini" / FILE).write_text(picture, encoding="utf-8")
    return root


def numbers_of(svg: str) -> list[float]:
    """Return all numbers in the shapes of a picture."""
    shapes = ET.fromstring(re.search(r"<svg.*</svg>", svg, re.DOTALL)[0])  # type: ignore[index] # noqa: S314 - ours
    attributes = [each.attrib for each in shapes.iter()]
    texts = [each.get(key, "") for each in attributes for key in ("d", "x", "y", "cx", "rx", "ry")]
    return [float(number) for text in texts for number in re.findall(r"-?[\d.]+|nan|inf", text)]


@pytest.mark.parametrize(
    ("assignment", "solution"), BANKS, ids=[f"{each.exercise}/{each.name}" for _, each in BANKS]
)
def test_pictures_of_the_banks(
    illustrators: dict[str, Illustrator], assignment: str, solution: Solution
) -> None:
    """Every right solution has its picture; no mistake upsets the author's code."""
    pictures = drawn(illustrators[assignment], solution)
    assert pictures.warnings == []
    assert pictures.figures.keys() <= {solution.exercise}
    if solution.is_right:
        assert pictures.figures.keys() == {solution.exercise}
    for figure in pictures.figures.get(solution.exercise, ()):
        assert all(-2000 < number < 2000 for number in numbers_of(figure))


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_reference_has_all_its_pictures(
    illustrators: dict[str, Illustrator], assignment: str
) -> None:
    """`numgrade verify` finds no fault, and each exercise but the quiz has a picture."""
    illustrator = illustrators[assignment]
    exercises = {each.exercise for owner, each in BANKS if owner == assignment}
    assert illustrator.faults(exercises) == []
    assert {exercise for exercise, _ in illustrator._illustrations} == exercises


def test_orders_are_the_slopes() -> None:
    """A forward difference is of first order, a central one of second."""
    plot = error_plot(
        lambda h: (np.exp(h) - 1) / h,
        lambda h: (np.exp(h) - np.exp(-h)) / (2 * h),
        exact=1.0,
        steps=STEPS,
    )
    assert plot.orders == pytest.approx((1, 2), abs=0.05)
    assert "your error shrinks with order 1.0, and the reference's with order 2.0" in as_figure(
        plot, "t"
    )


def test_an_exact_answer_can_be_drawn() -> None:
    """No error at all lies on the lower edge, for a logarithm of 0 there is not."""
    plot = error_plot(lambda _: 1.0, lambda h: 1 + h, exact=1.0, steps=STEPS)
    assert set(plot.yours) == {LEAST_ERROR}
    assert "order 0.0" in as_figure(plot, "t")


def test_trapezoids_stand_on_the_students_nodes() -> None:
    """Their area is that of the composite rule, wherever and however often f was evaluated."""
    record = Evaluations()
    nonsense = ["x", [[1], [1, 2]], 10**400, np.array([np.nan, 1e9]), None, 2j]
    for point in [0.5, np.array([0.0, 2.0, 0.5]), 1, *nonsense]:
        record.keep((point,))
    plot = area_plot(np.square, (0.0, 2.0), answer=3, call=CallRecord((), (record,)), exact=8 / 3)
    assert [x for x, _ in plot.nodes] == [0.0, 0.5, 1.0, 2.0]
    assert plot.area == pytest.approx(np.trapezoid([0, 0.25, 1, 4], [0, 0.5, 1, 2]))


def test_no_more_than_can_be_seen_is_drawn() -> None:
    """Of a million nodes, two hundred are; a page stays small."""
    record = Evaluations()
    record.take(list(np.linspace(0, 1, 5000)))
    plot = area_plot(np.exp, (0.0, 1.0), answer=1.7, call=CallRecord((), (record,)), exact=1.7)
    assert len(plot.nodes) == MAX_POINTS
    assert len(as_figure(plot, "t")) < 25_000


@pytest.mark.parametrize("answer", [None, "2", (1.0, 2.0), np.inf, [1, 2, 3], True, 1j])
def test_what_is_no_answer_is_not_drawn(answer: Any) -> None:  # noqa: ANN401 - on purpose
    """An answer of a wrong kind, or one that is not finite, has no picture."""
    record = Evaluations()
    record.take([0.0, 1.0])
    call = CallRecord((), (record, record))
    with pytest.raises(AssertionError):
        error_plot(lambda _: answer, float, exact=1.0, steps=STEPS)
    with pytest.raises(AssertionError):
        area_plot(np.exp, (0.0, 1.0), answer=answer, call=call, exact=1.0)
    with pytest.raises(AssertionError):
        descent_plot(
            minimum=(0, 0), curvatures=(1, 2), answer=answer, call=call, reference=[(1, 1)]
        )


def test_far_away_is_drawn_on_the_edge() -> None:
    """Steps that leave the picture, by however much, stay within it."""
    way = ((4.0, 1.0), (-1e300, 1e300), (1e-300, -1e18))
    plots: list[Plot] = [
        DescentPlot((0.0, 0.0), (1.0, 6.0), way, ((4.0, 1.0), (0.0, 0.0))),
        ErrorPlot(STEPS, (1e3, 1e3, 1e-17, 1e-17), (1e-17,) * 4),
        AreaPlot(((0.0, 0.0), (1.0, 0.0)), ((0.0, 0.0), (1.0, 0.0)), 1e300, 0.0),
    ]
    for plot in plots:
        assert all(abs(number) < 2000 for number in numbers_of(as_figure(plot, "t")))


def test_a_picture_stands_with_its_exercise(tmp_path: Path, sandbox: Sandbox) -> None:
    """The author's words and the student's errors are on the page, and markup in them is text."""
    root = course_with(tmp_path, PICTURE)
    graded = grade_here(
        assignment_in(root), sandbox, {"a": notebook(root, double=DOUBLE), "b": notebook(root)}
    )
    assert graded["a"].result.warnings == graded["b"].result.warnings == ()
    page = graded["a"].feedback or ""
    assert page.count('<figure class="plot">') == 1
    assert "Errors of &lt;your&gt; double." in page
    assert '<figure class="plot">' not in (graded["b"].feedback or "")


@pytest.mark.parametrize(
    "end", ["import os; os._exit(1)", "while True: pass", "raise ValueError", "return 'x' * 99999"]
)
def test_pictures_cost_no_mark(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """What a function does once the checks are over costs its picture, and nothing else."""
    monkeypatch.setattr("numgrade.illustrations.SECONDS", 0.3)
    root = course_with(tmp_path, PICTURE)
    source = f"def double(x):\n    if x == 0.01:\n        {end}\n    return 2 * x\n"
    (graded,) = grade_here(
        assignment_in(root), sandbox, {"a": notebook(root, double=source)}
    ).values()
    assert (graded.result.score, graded.result.warnings) == (2, ())
    assert '<figure class="plot">' not in (graded.feedback or "")
    assert graded.result.seconds < 3


def test_a_lost_worker_is_not_replaced(hand_in: HandIn) -> None:
    """After a crash the pictures that follow are left out: the cells do not run again."""
    submission = hand_in("import os\ndef double(x):\n    os._exit(1)")
    submission.begin_afterwards(1.0)
    with pytest.raises(StudentKilled, match="exited with status 1"):
        Student(submission).double(1.0)
    with pytest.raises(StudentTimedOut, match="Not run"):
        Student(submission).double(1.0)
    assert submission._worker is None


def test_an_authors_slip_is_a_warning(tmp_path: Path, sandbox: Sandbox) -> None:
    """An error in the author's code leaves the picture out, is named, and marks stay."""
    root = course_with(tmp_path, PICTURE.replace("exact=1.0", "exact=1 / 0"))
    assignment = assignment_in(root)
    (graded,) = grade_here(assignment, sandbox, {"a": notebook(root, double=DOUBLE)}).values()
    assert graded.result.score == 2
    assert graded.result.warnings == (
        "illustrations.py, picture: ZeroDivisionError, so it is left out",
    )
    faults = Illustrator(root / "tests" / "mini", load_module(root / "reference/mini.py", "m"))
    assert faults.faults(["single"]) == [
        "illustrations.py, picture: there is no exercise double",
        "illustrations.py, picture: ZeroDivisionError: division by zero",
    ]


def test_a_file_that_cannot_be_imported_is_the_courses_fault(tmp_path: Path) -> None:
    """Nobody is graded with pictures that are broken altogether; the error names the file."""
    root = course_with(tmp_path, "import nothing_of_that_name")
    with pytest.raises(CourseError, match=r"illustrations\.py: ModuleNotFoundError"):
        Illustrator(root / "tests" / "mini", illustrations)
