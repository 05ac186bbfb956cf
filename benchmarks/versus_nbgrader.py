"""Time numgrade against `nbgrader autograde` followed by `nbgrader generate_feedback`.

Both grade the same notebooks of a simulated class, on this machine, in one run. nbgrader gets them
in its best light: one command for the whole class, and without the cells that only show pictures,
which numgrade skips by default. It starts once for few notebooks; so that starting weighs about
the same for both, numgrade grades each of them several times, as another student's.

The class has no endless loop in it: what such a submission costs is its time limit, in any grader.
The second line is of notebooks in which both run every cell and draw every figure. What follows is
where numgrade's own time goes (`where_time_goes.py`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from where_time_goes import print_where_time_goes

from numgrade.classroom import SimulatedStudent, simulate
from numgrade.course import Course
from numgrade.demo import hand_in

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[1]
ASSIGNMENT = "calculus"
EVERY_CELL = "c.Limits.skip_show_only = False\nc.Limits.render_all_figures = True\n"
PLAIN_CONFIGURATION = "c = get_config()\nc.CourseDirectory.course_id = 'calculus'\n"


def main() -> None:
    """Run the benchmark and print the ratios."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="numgrade-bench-") as folder:
        notebooks = class_of(options.submissions)
        ratios = _ratios(Path(folder, "usual"), notebooks, options, every_cell=False)
        print(f"ratio: {statistics.median(ratios):.0f} (median of {options.rounds})", flush=True)
        few = notebooks[: options.every_cell]
        if few:
            ratios = _ratios(Path(folder, "every"), few, options, every_cell=True)
            print(f"ratio with every cell run by both: {statistics.median(ratios):.0f}", flush=True)
        course = Course.load(Path(folder, "usual", "numgrade"))
        print_where_time_goes(course, ASSIGNMENT)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=10, help="notebooks for nbgrader (10)")
    parser.add_argument("--copies", type=int, default=60, help="times numgrade grades each (60)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of both (3)")
    parser.add_argument(
        "--every-cell", type=int, default=4, metavar="N", help="notebooks of the second line (4)"
    )
    return parser.parse_args()


def _ratios(
    folder: Path,
    notebooks: list[SimulatedStudent],
    options: argparse.Namespace,
    *,
    every_cell: bool,
) -> list[float]:
    """Time both graders in turn; return how many times as fast numgrade was, for each round.

    Each run of numgrade is compared with the runs of nbgrader before and after it, since the speed
    of a machine that others use as well changes from minute to minute.
    """
    ours, theirs = folder / "numgrade", folder / "nbgrader"
    class_ = [_renamed(student, i) for i in range(options.copies) for student in notebooks]
    make_course(ours, class_)
    make_course(theirs, notebooks)
    _for_nbgrader(theirs, every_cell=every_cell)
    if every_cell:
        with (ours / "nbgrader_config.py").open("a") as configuration:
            configuration.write(EVERY_CELL)
    _run(theirs, "nbgrader", "generate_assignment", ASSIGNMENT, "--force")
    ratios = []
    after = _time_nbgrader(theirs)
    for round_number in range(1, (1 if every_cell else options.rounds) + 1):
        before, our_seconds = after, _time_numgrade(ours) / len(class_)
        after = _time_nbgrader(theirs)
        their_seconds = (before + after) / 2 / len(notebooks)
        ratios.append(their_seconds / our_seconds)
        print(
            f"round {round_number}: nbgrader {their_seconds * 1e3:.0f} ms a submission, "
            f"numgrade {our_seconds * 1e3:.1f} ms, ratio {ratios[-1]:.0f}",
            flush=True,
        )
    return ratios


def class_of(size: int) -> list[SimulatedStudent]:
    """Return a class in which everybody hands in a notebook, and none of them hangs."""
    students = simulate(Course.load(ROOT), ASSIGNMENT, 2 * size + 2)
    fit = [
        student
        for student in students
        if student.answers and all(a.name != "never-stops" for a in student.answers.values())
    ]
    return fit[:size]


def _renamed(student: SimulatedStudent, copy: int) -> SimulatedStudent:
    return msgspec.structs.replace(student, name=f"{student.name}-{copy}")


def make_course(root: Path, students: Iterable[SimulatedStudent]) -> None:
    """Make a course in which simulated students have handed in."""
    root.mkdir(parents=True)
    for name in ("source", "release", "reference", "tests"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    course = Course.load(root)
    for student in students:
        hand_in(course, ASSIGNMENT, student)


def _for_nbgrader(root: Path, *, every_cell: bool) -> None:
    """Make the course one of nbgrader's own, without what numgrade leaves out."""
    (root / "nbgrader_config.py").write_text(PLAIN_CONFIGURATION)
    shutil.rmtree(root / "release")
    for path in [*root.glob("source/*/*.ipynb"), *root.glob("submitted/*/*/*.ipynb")]:
        if not every_cell:
            path.write_bytes(_without_show_only(path.read_bytes()))


def _without_show_only(data: bytes) -> bytes:
    notebook: dict[str, Any] = msgspec.json.decode(data)
    notebook["cells"] = [
        cell for cell in notebook["cells"] if "show-only" not in cell["metadata"].get("tags", [])
    ]
    return msgspec.json.encode(notebook)


def _time_nbgrader(root: Path) -> float:
    shutil.rmtree(root / "autograded", ignore_errors=True)
    shutil.rmtree(root / "feedback", ignore_errors=True)
    started = time.perf_counter()
    _run(root, "nbgrader", "autograde", ASSIGNMENT, "--create", "--force")
    _run(root, "nbgrader", "generate_feedback", ASSIGNMENT, "--force")
    return time.perf_counter() - started


def _time_numgrade(root: Path) -> float:
    for name in ("autograded", "feedback", ".numgrade"):
        shutil.rmtree(root / name, ignore_errors=True)
    started = time.perf_counter()
    _run(root, "numgrade", "grade", ASSIGNMENT, "--quiet", "--force")
    return time.perf_counter() - started


def _run(root: Path, *command: str) -> None:
    process = start(root, *command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, complaints = process.communicate()
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed in {root}:\n{complaints.decode()[-2000:]}")


def start(root: Path, *command: str, **streams: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401
    """Start a program of this environment in a course."""
    programs = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.Popen(
        [programs / command[0], *command[1:]], cwd=root, env=environment, **streams
    )


if __name__ == "__main__":
    main()
