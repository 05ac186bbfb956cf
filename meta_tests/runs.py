"""What tests share that start `numgrade grade` as a program, and look at its processes."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from meta_tests.spine import ASSIGNMENT
from numgrade.results import SubmissionResult

if TYPE_CHECKING:
    from collections.abc import Callable


PROGRAM = """
import sys
from numgrade.cli import main
from numgrade.sparing import import_less
import_less()
{before}
sys.exit(main())
"""


class Run:
    """`numgrade grade` in a session of its own, by which all its processes can be found."""

    def __init__(
        self, root: Path, before: str = "", *, quiet: bool = True, terminal: int | None = None
    ) -> None:
        self.temporary = root.with_name(f"{root.name}-temporary")
        self.at_work = root.with_name(f"{root.name}-at-work")
        for folder in (self.temporary, self.at_work):
            folder.mkdir(exist_ok=True)
        program = PROGRAM.format(before=before)
        options = [ASSIGNMENT, "--workers", "2", *(["--quiet"] if quiet else [])]
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, "grade", *options],
            cwd=root,
            env={
                **os.environ,
                "TMPDIR": str(self.temporary),
                "NUMGRADE_AT_WORK": str(self.at_work),
            },
            start_new_session=True,
            stdin=subprocess.DEVNULL if terminal is None else terminal,
            stdout=subprocess.DEVNULL if terminal is None else terminal,
            stderr=subprocess.PIPE if terminal is None else terminal,
            text=True,
        )

    def end(self) -> tuple[int, str]:
        """Wait until the run and all its processes have ended; return its status and complaints."""
        _, complaints = self.process.communicate(timeout=120)
        wait_until(lambda: not self.processes())
        return self.process.returncode, complaints

    def processes(self) -> dict[int, tuple[int, str, str]]:
        """Return parent, name and command line of all that live in the session, by process."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                start, _, rest = (entry / "stat").read_text().rpartition(")")
                state, parent, _, session, *_ = rest.split()
                if int(session) == self.process.pid and state not in "ZX":
                    command = (entry / "cmdline").read_text().replace("\0", " ")
                    found[int(entry.name)] = int(parent), start.partition("(")[2], command
        return found

    def graders(self) -> list[int]:
        """Return the graders that have begun to check."""
        alive = self.processes()
        return sorted({int(path.name) for path in self.at_work.iterdir()} & alive.keys())

    def zygotes(self) -> list[int]:
        """Return the zygotes of these graders: at level A bubblewrap is between the two."""
        alive, graders = self.processes(), self.graders()
        above = {
            pid for pid, (parent, name, _) in alive.items() if parent in graders and name == "bwrap"
        }
        return sorted(
            pid
            for pid, (parent, name, command) in alive.items()
            if parent in {*graders, *above} and name != "bwrap" and "numgrade.zygote" in command
        )


def wait_until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.005)


def records(root: Path) -> list[SubmissionResult]:
    """Return all records of the history, each of which is a whole line."""
    path = root / ".numgrade" / "results" / f"{ASSIGNMENT}.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [SubmissionResult.from_json(line) for line in lines]
