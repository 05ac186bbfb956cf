"""What it costs to send a submission through a Dask cluster, without grading it.

A scheduler and a worker start here; the worker answers each job at once with a recorded result, its
notebook and its page. Printed is the CPU time a job of the coordinator, which is the real
`numgrade.cluster`, of the scheduler and of the worker.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from simulation import record
from versus_nbgrader import ASSIGNMENT, class_of, make_course

from numgrade import cluster_worker
from numgrade.cluster import ClusterExecutor
from numgrade.course import Course
from numgrade.desk import Graded, Job
from numgrade.orders import Done, Order, encoder, job_decoder
from numgrade.protection import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDED = "NUMGRADE_RECORDED"
"""Names the file with what the worker answers, in its environment."""

WARM_UP = 200
"""Jobs before the clocks are read."""


def dask_setup(_worker: object) -> None:
    """Have a worker answer at once: Dask calls this in the worker that loads this file."""
    graded = msgspec.msgpack.decode(Path(os.environ[RECORDED]).read_bytes(), type=Graded)

    def grade(_run: str, _digest: str, _order: bytes, job: bytes) -> bytes:
        student = job_decoder.decode(job).student
        result = msgspec.structs.replace(graded.result, student=student)
        return encoder.encode(Done(msgspec.structs.replace(graded, result=result)))

    cluster_worker.grade = grade


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=3000, help="submissions (3000)")
    parser.add_argument("--threads", type=int, default=100, help="of the worker (100)")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="numgrade-dispatch-")))
        make_course(folder / "course", class_of(1))
        course = Course.load(folder / "course")
        (folder / "recorded").write_bytes(msgspec.msgpack.encode(record(course)[0]))
        (handed_in,) = course.all_submitted.glob("*/*/*.ipynb")
        jobs = (Job(f"s-{number}", handed_in.read_bytes()) for number in range(options.jobs))
        scheduler = stack.enter_context(_running(folder, "scheduler", "--port=0", *_FILE))
        address = _address(folder / "scheduler.json")
        threads = f"--nthreads={options.threads}"
        worker = stack.enter_context(
            _running(folder, "worker", address, threads, "--no-nanny", f"--preload={__file__}")
        )
        order = Order(course.assignment(ASSIGNMENT), False, None, LEVELS)  # noqa: FBT003 - allow_weak
        processes = {"coordinator": os.getpid(), "scheduler": scheduler, "worker": worker}
        for count, _ in enumerate(ClusterExecutor(order, address, print).run(jobs), start=1):
            if count == WARM_UP:
                before = {name: _cpu_seconds(pid) for name, pid in processes.items()}
        for name, pid in processes.items():
            each = (_cpu_seconds(pid) - before[name]) / (options.jobs - WARM_UP)
            print(f"{name}: {each * 1e3:.1f} ms of CPU a job")


_FILE = ("--host=127.0.0.1", "--scheduler-file=scheduler.json")


@contextmanager
def _running(folder: Path, what: str, *arguments: str) -> Iterator[int]:
    """Run one of Dask's commands in a folder; yield the process's id."""
    with (
        (folder / f"{what}.log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + what, *arguments, "--no-dashboard"],
            cwd=folder,
            stderr=log,
            env=os.environ | {RECORDED: str(folder / "recorded")},
        ) as process,
    ):
        try:
            yield process.pid
        finally:
            process.terminate()


def _address(file: Path) -> str:
    """Return the address of the scheduler, which writes it there."""
    while not file.exists() or not file.stat().st_size:
        time.sleep(0.1)
    return str(msgspec.json.decode(file.read_bytes())["address"])


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
