"""A program: grade in a course of which one folder at a time is on a disk that is full.

The disk is a tmpfs of a megabyte, in a mount namespace of this process's own: whoever runs the
tests may have that. Prints what came of it as JSON; `test_disturbances` reads it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from numgrade import linux

if TYPE_CHECKING:
    from numgrade.orders import Order

PLACES = ("feedback", "gradebook", ".numgrade/results")


def main() -> None:
    """Fill up one place after the other in copies of the course that is named."""
    enter_namespaces()  # before there are threads: NumPy's, say
    from numgrade.sparing import import_less  # noqa: PLC0415

    import_less()
    from meta_tests.spine import AMPLE, ExecutorHere  # noqa: PLC0415
    from numgrade import batch, writer  # noqa: PLC0415
    from numgrade.protection import open_sandbox  # noqa: PLC0415

    writer._FLUSH_AFTER = 2
    with open_sandbox(AMPLE, allow_weak=False) as sandbox:

        def executor(order: Order, _: int) -> ExecutorHere:
            return ExecutorHere(sandbox, order)

        setattr(batch, "LocalExecutor", executor)  # noqa: B010 - mypy knows it as a class
        print(json.dumps({place: told(Path(sys.argv[1]), place) for place in PLACES}))  # noqa: T201


def enter_namespaces() -> None:
    """Become one who may mount, as oneself."""
    user, group = os.getuid(), os.getgid()
    linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWNS)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def told(course: Path, place: str) -> list[dict[str, object]]:
    """Return what came of three runs: one student with room, the class without, and with room."""
    root = course.with_name(f"full-{Path(place).name}")
    shutil.copytree(course, root)
    for name in PLACES:
        (root / name).mkdir(parents=True, exist_ok=True)
    disk = root / place
    linux.mount_scratch(str(disk), 1)
    first = graded(root, "--student", "s00")
    status = os.statvfs(disk)
    (disk / "ballast").write_bytes(bytes(status.f_bavail * status.f_frsize))
    full = graded(root)
    (disk / "ballast").unlink()
    return [first, full, graded(root)]


def graded(root: Path, *options: str) -> dict[str, object]:
    """Grade; return the status, what was said, and what is in the history."""
    from numgrade.cli import main as numgrade  # noqa: PLC0415

    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        status = numgrade(["grade", "mini", "--course", str(root), "--quiet", *options])
    history = (root / ".numgrade" / "results" / "mini.jsonl").read_text(encoding="utf-8")
    return {"status": status, "said": said.getvalue(), "history": history}


if __name__ == "__main__":
    main()
