"""Files in folders that others may have put links into: no link is followed, no file is halved."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def folder_below(top: Path, names: Sequence[str], *, make: bool = False) -> Iterator[int]:
    """Open a folder, one name after the other, following no link below `top`.

    Parameters
    ----------
    top : pathlib.Path
        Where to begin; it may itself be a link.
    names : sequence of str
        The folders below it, outermost first.
    make : bool, optional
        Whether to make those that do not exist.

    Yields
    ------
    int
        The folder's descriptor: what it names stays the same, whatever others do to the path.

    Raises
    ------
    OSError
        If there is no such folder; with `errno.ELOOP` if a name is that of a link.
    """
    if make:
        top.mkdir(parents=True, exist_ok=True)
    folder = os.open(top, _FOLDER)
    try:
        for name in names:
            within = _folder_in(folder, name, make=make)
            os.close(folder)
            folder = within
        yield folder
    finally:
        os.close(folder)


def _folder_in(folder: int, name: str, *, make: bool) -> int:
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
    if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise OSError(errno.ELOOP, f"{name!r} is a symbolic link")
    return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)


def write_into(folder: int, name: str, content: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of one.

    A link in its place is replaced, not followed.

    Parameters
    ----------
    folder : int
        The descriptor of its folder.
    name : str
        Its name there.
    content : bytes
        What it shall hold.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written.
    """
    # Always the same name: what a killed run left half written, the next one removes.
    partial = f".{name}.partial"
    with suppress(FileNotFoundError):
        os.unlink(partial, dir_fd=folder)
    try:
        with os.fdopen(os.open(partial, _NEW_FILE, 0o666, dir_fd=folder), "wb") as file:
            file.write(content)
        os.replace(partial, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(partial, dir_fd=folder)


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path` as `write_into` does, making its folders.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written.
    """
    with folder_below(path.parent, (), make=True) as folder:
        write_into(folder, path.name, content)


def not_through_a_link(path: str, flags: int) -> int:
    """Open a file, unless a link stands in its place; to be the `opener` of `open`."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)
