"""A million submissions on paper: the real coordinator, with graders that are played back.

A small class is graded first. Then `numgrade.batch.grade` runs over as many students as are asked
for, with an executor that answers each job with a recorded result, in the order in which as many
graders would be done that take the recorded times. Queue, results file and gradebook are the real
ones; notebooks and pages are not written, since at this size an object store takes them. Printed
are what the coordinator takes for a record, and how many graders it could keep busy.
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

SLICE = 10_000
"""Records after which the rate and the memory are printed."""


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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="numgrade-simulation-") as folder:
        root = Path(folder, "course")
        make_course(root, class_of(RECORDED))
        course = Course.load(root)
        recorded = _record(course)
        mean = sum(each.result.seconds for each in recorded) / len(recorded)
        seconds = _simulate(course, recorded, options)
        each = seconds / options.records
        print(
            f"{options.records:,} records: {each * 1e3:.2f} ms each of the coordinator, so it "
            f"could keep {mean / each:,.0f} graders busy, which take {mean * 1e3:.0f} ms each"
        )
        print(f"coordinator at most {_peak_mb():.0f} MB")
        for path in (course.results / f"{ASSIGNMENT}.jsonl", root / "gradebook.db"):
            size = path.stat().st_size
            print(f"{path.name}: {size / 1e6:,.0f} MB, {size / options.records:,.0f} bytes each")


def _record(course: Course) -> list[Graded]:
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


def _simulate(course: Course, recorded: list[Graded], options: argparse.Namespace) -> float:
    students = [f"student-{number:07d}" for number in range(options.records)]
    replaced = {
        "numgrade.batch.LocalExecutor": lambda *_: Playback(recorded, options.graders),
        "numgrade.batch._students": lambda *_: students,
        "numgrade.batch._jobs": lambda *_: (Job(student, b"") for student in students),
        "numgrade.writer.Writer._write_files": lambda _, graded: Entry(
            graded.result, None, graded.notebook
        ),
    }
    started = time.perf_counter()
    count = 0

    def on_result(*_: object) -> None:
        nonlocal count
        count += 1
        if count % SLICE == 0:
            rate = count / (time.perf_counter() - started)
            print(f"{count:>12,} records, {rate:,.0f}/s, {_peak_mb():.0f} MB", flush=True)

    with ExitStack() as stack:
        for name, replacement in replaced.items():
            stack.enter_context(patch(name, replacement))
        grade(course, ASSIGNMENT, Options(force=True), on_result)
    return time.perf_counter() - started


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
