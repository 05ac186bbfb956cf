"""Fuzz all that reads bytes of a student's, guided by coverage, for a bounded time.

Run as `make fuzz`, or `python meta_tests/fuzz/run.py --seconds 60 --only reply`. Each target runs
in a process of its own under Atheris (libFuzzer). An exception that is not promised, an input that
takes longer than 2 s or more than 64 MB is a finding: its input is kept and named, and the exit
status is 1.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_MEMORY_MB = 1000
"""Of a fuzzer's process; what a single input may take is in targets.py."""

NAMES = ("reply", "conversation", "request", "orders", "notebook", "outputs")
_COLUMNS = ("inputs", "branches", "slowest, ms", "memory, MB", "findings")


def main() -> int:
    """Fuzz every target for its share of the time; return 1 if there was a finding."""
    options = _parser().parse_args()
    if options.repeat:
        _bounded(options.only)(options.repeat.read_bytes())
        return 0
    if options.place:
        _fuzz(options.only, options.seconds, options.place, options.findings)
    names = [name for name in NAMES if options.only in (None, name)]
    table = Table(title=f"{options.seconds} s of fuzzing", title_justify="left")
    for column in ("target", *_COLUMNS):
        table.add_column(column, justify="left" if column == "target" else "right")
    problems = []
    for name in names:
        row, problem = _in_a_process(name, max(1, options.seconds // len(names)), options.findings)
        table.add_row(name, *row)
        problems += [problem] if problem else []
    console = Console()
    console.print(table)
    for problem in problems:
        console.print(problem, markup=False, highlight=False, soft_wrap=True)
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together (600)")
    parser.add_argument("--only", choices=NAMES, help="one target")
    parser.add_argument(
        "--repeat", type=Path, metavar="FILE", help="read one finding again; with --only"
    )
    parser.add_argument(
        "--findings", type=Path, default=Path(), metavar="DIR", help="where findings go (here)"
    )
    parser.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    return parser


def _in_a_process(name: str, seconds: int, findings: Path) -> tuple[list[str], str]:
    """Fuzz one target; return its row of the table, and what was found, if anything."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        command = [sys.executable, __file__, "--only", name]
        places = ["--place", folder, "--findings", str(findings)]
        ended = subprocess.run(
            [*command, *places, "--seconds", str(seconds)], capture_output=True, check=False
        )
        figures = Path(folder, "figures")
        slowest, memory = figures.read_text().split() if figures.exists() else ("-", "-")
    log = ended.stderr.decode(errors="replace") + ended.stdout.decode(errors="replace")
    tried = re.findall(r"stat::number_of_executed_units:\s+(\d+)", log)
    covered = re.findall(r"cov: (\d+)", log)
    # A fuzzer that could not begin has found nothing either.
    failed = ended.returncode != 0 or not tried
    row = [f"{int(tried[-1]):,}" if tried else "-", covered[-1] if covered else "-"]
    row += [slowest, memory, str(int(failed))]
    if not failed:
        return row, ""
    kept = re.findall(r"Test unit written to (\S+)", log)
    again = [f"To repeat it: {' '.join(command)} --repeat {file}" for file in kept]
    return row, "\n".join([f"{name}: {log[-3000:]}", *again])


def _fuzz(name: str, seconds: int, place: Path, findings: Path) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris  # noqa: PLC0415 - loads libFuzzer, which the parent has no use for

    with atheris.instrument_imports(include=["numgrade"]):
        target = _bounded(name, place / "figures")
    from meta_tests.fuzz.targets import BOUNDS, MAX_BYTES, seeds  # noqa: PLC0415 - see above

    corpus = place / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(name)):
        (corpus / str(number)).write_bytes(seed)
    switches = [
        f"-max_total_time={seconds}",
        f"-max_len={MAX_BYTES}",
        f"-timeout={BOUNDS.seconds}",
        f"-rss_limit_mb={MOST_MEMORY_MB}",
        f"-artifact_prefix={findings.resolve()}/fuzz-{name}-",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *switches, str(corpus)], target)
    atheris.Fuzz()


def _bounded(name: str, figures: Path | None = None) -> Callable[[bytes], None]:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from meta_tests.fuzz.targets import BOUNDS, TARGETS  # noqa: PLC0415 - atheris watches imports

    BOUNDS.figures = figures
    return BOUNDS.around(TARGETS[name])


if __name__ == "__main__":
    sys.exit(main())
