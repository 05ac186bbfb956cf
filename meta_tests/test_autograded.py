"""The autograded notebook: what nbgrader itself would have written, verdicts included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum, determine_grade

from numgrade.autograded import finish, verdict_output
from numgrade.master import Master
from numgrade.notebook import read_notebook
from numgrade.outputs import CellOutcome
from numgrade.repair import Repaired, repair
from numgrade.results import CheckResult, CheckStatus, ExerciseResult

RELEASED = Path(__file__).parent / "notebooks" / "released.json"
MASTER = Master.load(RELEASED)
XSS = "<script>alert('xss')</script>"


def repaired(**sources: str) -> Repaired:
    """Return a submission with these answers and a hostile cell of the student's own."""
    document = json.loads(RELEASED.read_text())
    for cell in document["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = sources.get(grade_id, cell["source"])
    hostile = {"cell_type": "markdown", "source": XSS, "metadata": {"nbgrader": {}}, "id": "own"}
    document["cells"].append(hostile)
    return repair(read_notebook(json.dumps(document).encode()), MASTER)


def check(status: CheckStatus, points: float, message: str = "") -> CheckResult:
    """Return the outcome of a check worth two points."""
    return CheckResult(
        name="test_slope",
        title="It finds the slope.",
        status=status,
        points=points,
        max_points=2.0,
        message=message,
    )


def exercise(*checks: CheckResult, name: str = "derivative") -> ExerciseResult:
    """Return the verdict on an exercise."""
    return ExerciseResult.of(name, checks)


def graded(points: float) -> ExerciseResult:
    """Return a verdict of two checks that earned this many points of four."""
    return exercise(
        check(CheckStatus.PASSED, min(points, 2.0)),
        check(CheckStatus.FAILED, max(points - 2.0, 0.0), "The slope was 5, not 6."),
    )


def written(data: bytes) -> Any:  # noqa: ANN401 - nbformat is not annotated
    """Read and validate a notebook as nbgrader does."""
    notebook = nbformat.reads(data.decode(), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    return notebook


def cell_of(notebook: Any, grade_id: str) -> Any:  # noqa: ANN401 - nbformat is not annotated
    """Return the cell with this grade_id."""
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def test_the_notebook_is_what_nbgrader_reads() -> None:
    """Format, metadata, checksums and kernel are those of the released notebook."""
    notebook = written(finish(repaired(derivative_solution="derivative = abs"), {}))
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata == json.loads(RELEASED.read_text())["metadata"]
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader")
        if nbgrader and not nbgrader.solution:
            assert nbgrader.checksum == compute_checksum(cell)


def test_an_untouched_answer_keeps_its_checksum() -> None:
    """Equal checksums are how nbgrader tells that there was no response."""
    notebook = written(finish(repaired(plot="# drawn"), {}))
    touched = {
        name: cell.metadata.nbgrader.checksum != compute_checksum(cell)
        for name in ("plot", "essay", "derivative_solution")
        if (cell := cell_of(notebook, name))
    }
    assert touched == {"plot": True, "essay": False, "derivative_solution": False}


@pytest.mark.parametrize("points", [0.0, 0.25, 2.0, 3.75, 4.0])
def test_nbgrader_itself_comes_to_the_same_score(points: float) -> None:
    """Should nbgrader ever score the notebook by itself, it reads our score from the cell."""
    submission = repaired()
    index = next(n for n, cell in enumerate(submission.cells) if cell.grade_id == "derivative")
    noise = [
        {"output_type": "stream", "name": "stderr", "text": "warning"},
        {"output_type": "execute_result", "data": {"text/plain": "4.0"}, "execution_count": 1},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
    ]
    for outputs in ([], noise):
        outcomes = {index: CellOutcome(execution_count=5, outputs=outputs)}
        notebook = written(finish(submission, outcomes, [graded(points)]))
        cell = cell_of(notebook, "derivative")
        assert determine_grade(cell) == (points, 4.0)
        assert cell.execution_count == 5
        assert len(cell.outputs) == 1 + len(outputs)


def test_the_verdict_is_a_table_for_people() -> None:
    """Each check appears with its title, outcome, points and message."""
    html = verdict_output(graded(2.5))["data"]["text/html"]
    for text in ("It finds the slope.", "passed", "not passed", "0.5 of 2", "2.5 of 4 points"):
        assert text in html
    assert "The slope was 5, not 6." in html


def test_the_verdict_escapes_what_it_quotes() -> None:
    """A message may quote the student; it cannot become part of the page."""
    hostile = exercise(check(CheckStatus.ERROR, 0.0, XSS), name=XSS)
    html = verdict_output(hostile)["data"]["text/html"]
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_outputs_are_cleaned_on_the_way() -> None:
    """Nobody can forget to clean what a worker reported."""
    hostile = {"output_type": "display_data", "data": {"text/html": XSS, "text/plain": "x"}}
    outcomes = dict.fromkeys(range(14), CellOutcome(execution_count=True, outputs=[hostile]))
    data = finish(repaired(), outcomes, [graded(1.0)])
    written(data)
    assert b"<script" not in data


def test_nothing_of_a_students_acts_in_the_page_that_nbconvert_makes() -> None:
    """The template that nbgrader's feedback and formgrader extend shows text, not scripts."""
    submission = repaired(essay=f"{XSS} $a<b$", plot=f"'{XSS}'")
    outcomes = {
        index: CellOutcome(
            execution_count=1,
            outputs=[
                {"output_type": "stream", "name": "stdout", "text": XSS},
                {"output_type": "error", "ename": XSS, "evalue": XSS, "traceback": [XSS]},
                {"output_type": "display_data", "data": {"text/html": XSS, "text/plain": XSS}},
                {"output_type": "display_data", "data": {"application/javascript": "alert('xss')"}},
            ],
        )
        for index, _ in enumerate(submission.cells)
    }
    notebook = written(finish(submission, outcomes, [graded(1.0)]))
    exporter = HTMLExporter(template_name="classic")  # type: ignore[no-untyped-call]
    page, _ = exporter.from_notebook_node(notebook)
    assert "alert(" in page
    assert "<script>alert(" not in page
    assert "&lt;script&gt;alert(" in page
