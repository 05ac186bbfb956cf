"""A million submissions on paper: the real coordinator, with graders that are played back.

A small class is graded first. Then `numgrade.batch.grade` runs over as many students as are asked
for, with an executor that answers each job with a recorded result, in the order in which as many
graders would be done that take the recorded times. Queue, results file and gradebook are the real
ones; notebooks and pages are not written unless asked for, since at this size an object store takes
them. Printed are what the coordinator takes for a record, slice by slice, and how many graders it
could keep busy. See docs/scale.md.
"""

from __future__ import annotations

import argparse
import heapq
import resource
import tempfile
import time
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import msgspec
from versus_nbgrader import ASSIGNMENT, class_of, make_course

from numgrade import writer
from numgrade.batch import Options, grade
from numgrade.course import Course
from numgrade.desk import Graded, Job
from numgrade.gradebook_rows import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RECORDED = 40
"""Submissions whose results are played back."""

SLICES = 10
"""Parts of a run; their rates and the memory after each are printed."""


class Playback:
    """In the place of an executor: plays graders that take the recorded times."""

    def __init__(self, recorded: list[Graded], graders: int) -> None:
        self._recorded = recorded
        self._graders = graders

    def warm_up(self) -> None:
        """There is nothing to start."""

    close = warm_up

    def run(self, jobs: Iterable[Job]) -> Iterator[Graded]:
        """Yield a recorded result for every job, in the order in which they would be done."""
        at_work: list[tuple[float, int, Job]] = []
        waiting = enumerate(jobs)
        for number, job in islice(waiting, self._graders):
            heapq.heappush(at_work, (self._seconds(number), number, job))
        while at_work:
            now, number, job = heapq.heappop(at_work)
            yield self._of(number, job)
            for following, another in islice(waiting, 1):
                heapq.heappush(at_work, (now + self._seconds(following), following, another))

    def _seconds(self, number: int) -> float:
        return self._recorded[number % len(self._recorded)].result.seconds

    def _of(self, number: int, job: Job) -> Graded:
        recorded = self._recorded[number % len(self._recorded)]
        result = msgspec.structs.replace(recorded.result, student=job.student)
        return Graded(result, recorded.notebook, recorded.feedback)


def main() -> None:
    """Run the simulation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000, help="submissions (1,000,000)")
    parser.add_argument("--graders", type=int, default=10_000, help="that are played (10,000)")
    parser.add_argument("--gradebook", metavar="ADDRESS", help="of a database (SQLite)")
    parser.add_argument("--files", action="store_true", help="write notebooks and pages, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="numgrade-simulation-") as folder:
        root = Path(folder, "course")
        make_course(root, class_of(RECORDED))
        if options.gradebook:
            with (root / "nbgrader_config.py").open("a") as file:
                file.write(f"\nc.CourseDirectory.db_url = {options.gradebook!r}\n")
        course = Course.load(root)
        recorded = record(course)
        watch = _simulate(course, recorded, options)
        _print_what_it_took(recorded, *watch.each())
        for path in (course.results / f"{ASSIGNMENT}.jsonl", root / "gradebook.db"):
            size = path.stat().st_size if path.exists() else 0
            print(f"{path.name}: {size / 1e6:,.0f} MB, {size / options.records:,.0f} bytes each")


def _print_what_it_took(recorded: list[Graded], each: float, cpu: float) -> None:
    mean = sum(graded.result.seconds for graded in recorded) / len(recorded)
    notebook, page = (
        sum(map(len, of)) / len(recorded) / 1e3
        for of in ([g.notebook or b"" for g in recorded], [g.feedback or "" for g in recorded])
    )
    print(
        f"{each * 1e3:.2f} ms a record of the coordinator, {cpu * 1e3:.2f} of them CPU, so it "
        f"could keep {mean / each:,.0f} graders busy, which take {mean * 1e3:.0f} ms each\n"
        f"coordinator at most {_peak_mb():.0f} MB\n"
        f"a notebook has {notebook:.0f} kB, a page {page:.0f} kB"
    )


def record(course: Course) -> list[Graded]:
    """Grade a class; return what its graders sent."""
    recorded: list[Graded] = []
    add = writer.Writer.add

    def adding(self: writer.Writer, graded: Graded) -> None:
        recorded.append(graded)
        add(self, graded)

    writer.Writer.add = adding  # type: ignore[method-assign]
    grade(course, ASSIGNMENT, Options())
    writer.Writer.add = add  # type: ignore[method-assign]
    return recorded


def _simulate(course: Course, recorded: list[Graded], options: argparse.Namespace) -> Watch:
    students = [f"student-{number:07d}" for number in range(options.records)]
    replaced = {
        "numgrade.batch.LocalExecutor": lambda *_: Playback(recorded, options.graders),
        "numgrade.batch._students": lambda *_: students,
        "numgrade.batch._jobs": lambda *_: (Job(student, b"") for student in students),
    }
    if not options.files:
        replaced["numgrade.writer.Writer._write_files"] = lambda _, graded: Entry(
            graded.result, None, graded.notebook
        )
    with ExitStack() as stack:
        for name, replacement in replaced.items():
            stack.enter_context(patch(name, replacement))
        watch = Watch(max(1, options.records // SLICES))
        grade(course, ASSIGNMENT, Options(force=True), watch)
    return watch


class Watch:
    """Looks at the clocks and the memory as records come, and prints what each slice took."""

    def __init__(self, part: int) -> None:
        self._part = part
        self.count = 0
        self._first = self._last = _clocks()

    def __call__(self, *_: object) -> None:
        """Count a record."""
        self.count += 1
        if self.count % self._part == 0:
            (before, cpu_before), self._last = self._last, _clocks()
            now, cpu_now = self._last
            wall, cpu = (now - before) / self._part, (cpu_now - cpu_before) / self._part
            print(
                f"{self.count:>12,} records: {wall * 1e3:.2f} ms each, {cpu * 1e3:.2f} of them "
                f"CPU, {1 / wall:,.0f}/s; {_mb():.0f} MB",
                flush=True,
            )

    def each(self) -> tuple[float, float]:
        """Return seconds and CPU seconds a record."""
        wall, cpu = (b - a for a, b in zip(self._first, _clocks(), strict=True))
        return wall / self.count, cpu / self.count


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _mb() -> float:
    """Return the memory that this process takes now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
