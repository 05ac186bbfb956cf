"""Files in folders that others may have put links into: no link is followed, no file is halved."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from numgrade.errors import InfrastructureError, NumgradeError

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
        Whether to make those below `top` that do not exist.

    Yields
    ------
    int
        The folder's descriptor: what it names stays the same, whatever others do to the path.

    Raises
    ------
    OSError
        If there is no such folder; with `errno.ELOOP` if a name is that of a link.
    """
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
    try:
        descriptor = os.open(partial, _NEW_FILE, 0o666, dir_fd=folder)
    except FileExistsError:
        os.unlink(partial, dir_fd=folder)
        descriptor = os.open(partial, _NEW_FILE, 0o666, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(partial, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(partial, dir_fd=folder)
        raise


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` to `path` as `write_into` does, making its folders.

    Raises
    ------
    OSError
        If the disk is full or the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with naming(path), folder_below(path.parent, ()) as folder:
        write_into(folder, path.name, content)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Name a path in errors that name none, or only what lies in a folder that was opened.

    Raises
    ------
    OSError
        What was raised in the block, with the whole path.
    """
    try:
        yield
    except OSError as error:
        within = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ""
        if error.errno is None or within.startswith("/"):
            raise
        raise OSError(error.errno, error.strerror, str(path / within)) from error


class Places:
    """Folders that have to stay what they are while something goes on.

    Parameters
    ----------
    *paths : pathlib.Path
        The folders; those that do not exist are passed over.
    """

    def __init__(self, *paths: Path) -> None:
        self._found = {path: there for path in paths if (there := _what_is_at(path))}

    def check(self) -> None:
        """See that all are still there.

        Raises
        ------
        InfrastructureError
            If one of them has been renamed, removed or unmounted.
        """
        for path, before in self._found.items():
            if _what_is_at(path) != before:
                raise InfrastructureError(
                    f"{path} has vanished: was it renamed, or is it mounted no more? Bring it back."
                )

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Take what goes wrong in the block for the consequence, if one of them has vanished.

        Raises
        ------
        InfrastructureError
            If something goes wrong, and one of them has vanished.
        """
        try:
            yield
        except (OSError, NumgradeError):
            self.check()
            raise


def _what_is_at(path: Path) -> tuple[int, int] | None:
    """Return device and inode of a folder, None if it is not there."""
    try:
        status = os.stat(f"{path}/.")  # noqa: PTH116 - the dot has an automounter mount it
    except OSError:
        return None
    return status.st_dev, status.st_ino


def not_through_a_link(path: str, flags: int) -> int:
    """Open a file, unless a link stands in its place; to be the `opener` of `open`."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)
