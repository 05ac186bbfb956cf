"""Fuzz all that reads bytes of a student's, guided by coverage, for a bounded time.

Run as `make fuzz`, or `python meta_tests/fuzz/run.py --seconds 60 --only reply`. Each target runs
in a process of its own under Atheris (libFuzzer). An exception that is not promised, an input that
takes longer than 2 s or an allocation above the cap is a finding: its input is kept and named, and
the exit status is 1.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

SECONDS_AN_INPUT = 2
MOST_MEMORY_MB = 1000
LARGEST_ALLOCATION_MB = 64
"""Four times what all arrays of a message may hold."""

NAMES = ("reply", "request", "orders", "notebook", "outputs")
_COLUMNS = ("inputs tried", "branches seen", "slowest, s", "memory, MB", "findings")


def main() -> int:
    """Fuzz every target for its share of the time; return 1 if there was a finding."""
    options = _parser().parse_args()
    if options.target:
        _fuzz(options.target, options.seconds, options.findings)
    names = [name for name in NAMES if options.only in (None, name)]
    table = Table(title=f"{options.seconds} s of fuzzing", title_justify="left")
    for column in ("target", *_COLUMNS):
        table.add_column(column, justify="left" if column == "target" else "right")
    problems = []
    for name in names:
        share = str(max(1, options.seconds // len(names)))
        place = ["--findings", str(options.findings)]
        command = [sys.executable, __file__, "--target", name, "--seconds", share, *place]
        ended = subprocess.run(command, capture_output=True, check=False)
        log = ended.stderr.decode(errors="replace") + ended.stdout.decode(errors="replace")
        table.add_row(name, *_figures(log), str(int(ended.returncode != 0)))
        if ended.returncode:
            problems.append(f"{name}: {log[-3000:]}")
    console = Console()
    console.print(table)
    for problem in problems:
        console.print(problem, markup=False, highlight=False)
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together (600)")
    parser.add_argument("--only", choices=NAMES, help="one target")
    parser.add_argument(
        "--findings", type=Path, default=Path(), metavar="DIR", help="where findings go (here)"
    )
    parser.add_argument("--target", help=argparse.SUPPRESS)
    return parser


def _fuzz(name: str, seconds: int, findings: Path) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris  # noqa: PLC0415 - loads libFuzzer, which the parent has no use for

    sys.path.insert(0, str(Path(__file__).parents[2]))
    sys.setrecursionlimit(1000)
    with atheris.instrument_imports(include=["numgrade"]):
        from meta_tests.fuzz.targets import MAX_BYTES, TARGETS, seeds  # noqa: PLC0415 - see above
    corpus = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for number, seed in enumerate(seeds(name)):
        (corpus / str(number)).write_bytes(seed)
    switches = [
        f"-max_total_time={seconds}",
        f"-max_len={MAX_BYTES}",
        f"-timeout={SECONDS_AN_INPUT}",
        f"-rss_limit_mb={MOST_MEMORY_MB}",
        f"-malloc_limit_mb={LARGEST_ALLOCATION_MB}",
        f"-artifact_prefix={findings.resolve()}/fuzz-{name}-",
        "-print_final_stats=1",
        "-report_slow_units=1",
    ]
    atheris.Setup([sys.argv[0], *switches, str(corpus)], TARGETS[name])
    atheris.Fuzz()


def _figures(log: str) -> list[str]:
    """Return the figures of a run from libFuzzer's log, in the order of the columns."""
    covered = re.findall(r"cov: (\d+)", log)
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", log))
    return [
        f"{int(stats.get('number_of_executed_units', 0)):,}",
        covered[-1] if covered else "-",
        stats.get("slowest_unit_time_sec", "-"),
        stats.get("peak_rss_mb", "-"),
    ]


if __name__ == "__main__":
    sys.exit(main())
