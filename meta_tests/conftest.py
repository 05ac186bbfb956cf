"""What several tests need: a folder in memory, copies of the course, nbgrader's command line."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROJECT = Path(__file__).parents[1]


class Ended(NamedTuple):
    """How a command of nbgrader's ended: its exit status and its log."""

    status: int
    log: str


@pytest.fixture(scope="session")
def memory() -> Iterator[Path]:
    """Return a folder in memory where there is one: new databases are slow on disks."""
    shm = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def copy_of_course(memory: Path) -> Callable[[str], Path]:
    """Return a function that makes a copy of the course under a name."""

    def copy(name: str) -> Path:
        root = memory / name
        for folder in ("source", "release", "reference", "tests"):
            ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            shutil.copytree(PROJECT / folder, root / folder, ignore=ignored)
        shutil.copy(PROJECT / "nbgrader_config.py", root)
        return root

    return copy


@pytest.fixture(scope="session")
def jupyter_environment(memory: Path) -> dict[str, str]:
    """Return an environment in which nobody's own Jupyter settings count."""
    folder = memory / "jupyter"
    names = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    places = {name: str(folder / name.lower()) for name in names}
    for place in places.values():
        Path(place).mkdir(parents=True)
    # nbgrader runs `alembic` and kernels, which are next to this Python.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, **places, "PATH": path}


@pytest.fixture(scope="session")
def nbgrader(jupyter_environment: dict[str, str]) -> Callable[..., Ended]:
    """Return a function that runs a command of nbgrader's in a folder.

    In this process: starting `nbgrader` takes seconds, most of them to import itself.
    """

    def run(folder: Path, *arguments: str) -> Ended:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            for name, value in jupyter_environment.items():
                patch.setenv(name, value)
            patch.setattr(sys, "path", [*sys.path])
            return _run(list(arguments))

    return run


def _run(arguments: list[str]) -> Ended:
    # Here because it takes seconds, and few tests need it.
    from jupyter_core.application import NoStart  # noqa: PLC0415
    from nbgrader.apps import NbGraderApp  # noqa: PLC0415

    log, status = io.StringIO(), 0
    app: Any = NbGraderApp.instance()
    with contextlib.redirect_stderr(log), contextlib.suppress(NoStart):
        try:
            app.initialize(arguments)
            app.init_logging(logging.StreamHandler, [log], color=False, subapps=True)
            app.start()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        finally:
            app.reset()
    return Ended(status, log.getvalue())
