"""What a submission costs as classes grow, and what is left of a run that is killed ten times.

Classes out of the banks, of each size, are graded by the command that instructors use. Printed
are the time a submission between the first record and the last, the coordinator's peak memory, and
what a second run costs, which has nothing to do. Then the largest class is graded once more, in
runs of which all but the last are killed with SIGKILL at random moments; its records have to be
those of before, but for timings. Ends with status 1 if anything is missing or grows.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import msgspec
from versus_nbgrader import ASSIGNMENT, class_of, make_course, start

DISTINCT = 1000
"""Notebooks that differ; a larger class hands them in again under other names."""

MOST = 1.2
"""By what factor anything may grow from the smallest class to the largest."""

_POLL_SECONDS = 0.05


class Run(msgspec.Struct):
    """What was measured of one run of the command."""

    seconds: float
    each: float
    peak_mb: float


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100,1000,10000", help="of classes (100,1000,10000)")
    parser.add_argument("--kills", type=int, default=10, help="of the largest class's run (10)")
    parser.add_argument("--seed", type=int, default=2026, help="of the moments of killing")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    notebooks = class_of(min(max(sizes), DISTINCT))
    problems: list[str] = []
    measured = []
    with tempfile.TemporaryDirectory(prefix="numgrade-growth-") as folder:
        for size in sizes:
            root = Path(folder, str(size))
            make_course(root, (_named(each, i) for i, each in _first(size, notebooks)))
            run = _grade(root)
            again = _grade(root)
            measured.append(run)
            print(
                f"{size:6d} submissions: {run.each * 1e3:5.1f} ms each, {run.seconds:.0f} s in "
                f"all; coordinator at most {run.peak_mb:.0f} MB; again, with nothing to do: "
                f"{again.seconds:.1f} s",
                flush=True,
            )
            problems += _missing(root, size)
        problems += _grown(measured)
        if options.kills:
            problems += _killed(root, sizes[-1], measured[-1].seconds, options)
    print("\n".join(problems) or "flat, and everything is there")
    sys.exit(bool(problems))


def _first(size: int, notebooks: list[Any]) -> Any:  # noqa: ANN401 - an iterator
    return islice(enumerate(cycle(notebooks)), size)


def _named(student: Any, number: int) -> Any:  # noqa: ANN401 - a simulated student
    return msgspec.structs.replace(student, name=f"s-{number:05d}")


def _grade(root: Path) -> Run:
    """Grade, and watch the coordinator's memory and the records that it has written."""
    before, started = _count_lines(root), time.perf_counter()
    process = start(root, "numgrade", "grade", ASSIGNMENT, "--quiet")
    first, peak = (0.0, 0), 0.0
    while process.poll() is None:
        peak = max(peak, _peak_mb(process.pid))
        lines = _count_lines(root) - before if not first[1] else 0
        if lines > 0:
            first = time.perf_counter(), lines
        time.sleep(_POLL_SECONDS)
    ended = time.perf_counter()
    if process.returncode:
        sys.exit(f"numgrade ended with status {process.returncode} in {root}")
    rest = _count_lines(root) - before - first[1]
    return Run(ended - started, (ended - first[0]) / rest if rest > 0 else 0.0, peak)


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max(
        (int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0
    )


def _results(root: Path) -> Path:
    return root / ".numgrade" / "results" / f"{ASSIGNMENT}.jsonl"


def _count_lines(root: Path) -> int:
    path = _results(root)
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _rows(root: Path) -> int:
    """Return the number of submissions with scores in the gradebook."""
    scored = (
        "SELECT count(DISTINCT a.id), count(DISTINCT a.student_id) FROM submitted_assignment a "
        "JOIN submitted_notebook n ON n.assignment_id = a.id "
        "JOIN grade g ON g.notebook_id = n.id WHERE g.auto_score IS NOT NULL"
    )
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        ((submissions, students),) = database.execute(scored).fetchall()
    return int(submissions) if submissions == students else -1


def _missing(root: Path, size: int) -> list[str]:
    found = {
        "records": len(_records(root)),
        "rows in the gradebook": _rows(root),
        "feedback pages": len(list(root.glob("feedback/*/*/*.html"))),
        "autograded notebooks": len(list(root.glob("autograded/*/*/*.ipynb"))),
    }
    return [f"{size}: {count} {what}" for what, count in found.items() if count != size]


def _grown(runs: list[Run]) -> list[str]:
    problems = []
    for what in ("each", "peak_mb"):
        values = [getattr(run, what) for run in runs]
        if max(values) > MOST * min(values):
            problems.append(f"{what} is not flat: {values}")
    return problems


def _records(root: Path) -> dict[str, Any]:
    """Return the records that count, by student, without timings."""
    records: dict[str, Any] = {}
    for line in _results(root).read_bytes().splitlines():
        record = _timeless(msgspec.json.decode(line))
        records[record["student"]] = record
    return records


def _timeless(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _timeless(each) for key, each in value.items() if key not in {"seconds", "at"}}
    return [_timeless(each) for each in value] if isinstance(value, list) else value


def _killed(root: Path, size: int, seconds: float, options: argparse.Namespace) -> list[str]:
    """Grade a class anew, killed so many times; return what differs from the run before."""
    expected, rng = _records(root), random.Random(options.seed)  # noqa: S311 - no secret
    for name in ("autograded", "feedback", ".numgrade/results", "gradebook.db"):
        shutil.rmtree(root / name, ignore_errors=True)
    (root / "gradebook.db").unlink()
    kept = []
    for _ in range(options.kills):
        process = start(root, "numgrade", "grade", ASSIGNMENT, "--quiet")
        time.sleep(rng.uniform(0, 2 * seconds / (options.kills + 1)))
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept.append(_count_lines(root))
    run = _grade(root)
    print(
        f"killed {options.kills} times, after {', '.join(map(str, kept))} records; then "
        f"{run.seconds:.0f} s to the end; {_count_lines(root)} records in all",
        flush=True,
    )
    problems = _missing(root, size)
    found = _records(root)
    different = [name for name, record in expected.items() if found.get(name) != record]
    return problems + [f"other records than without kills: {different[:5]}"] * bool(different)


if __name__ == "__main__":
    main()
