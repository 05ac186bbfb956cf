"""Watch from outside what attackers do: connections, signals, processes, files.

Nothing here asks an attacker's process for anything.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import selectors
import signal
import site
import socket
import stat
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARK = "numgrade-attack"
"""Is part of the name of every file that an attack tries to leave outside the course."""

SIGNAL = signal.SIGURG
"""What attackers send: nothing happens to a process that receives it unasked."""

_PR_SET_CHILD_SUBREAPER = 36
_MAX_MESSAGE = 4096
_MAX_DEPTH = 2
_ENOUGH_BYTES = 2**24  # one of the submissions is a terabyte of nothing


class Post:
    """Loopback addresses of ours that nobody should ever reach; a context manager.

    Parameters
    ----------
    folder : pathlib.Path
        Where the socket with a path lies.

    Attributes
    ----------
    received : list of str
        What came, each with the address that it came to.
    """

    def __init__(self, folder: Path) -> None:
        self.received: list[str] = []
        self._selector = selectors.DefaultSelector()
        path, datagrams = folder / "socket", folder / "datagrams"
        abstract = f"numgrade-{os.getpid()}"
        tcp = self._add("tcp", socket.create_server(("127.0.0.1", 0)))
        for name, kind in (
            (str(path), socket.SOCK_STREAM),
            (str(datagrams), socket.SOCK_DGRAM),
            (f"\0{abstract}", socket.SOCK_DGRAM),
        ):
            local = self._add("unix", socket.socket(socket.AF_UNIX, kind))
            local.bind(name)
            if kind == socket.SOCK_STREAM:
                local.listen()
        for reachable in (path, datagrams):
            reachable.chmod(0o777)
        datagram = self._add("udp", socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        datagram.bind(("127.0.0.1", 0))
        self.addresses = {
            "port": int(tcp.getsockname()[1]),
            "udp_port": int(datagram.getsockname()[1]),
            "socket": str(path),
            "datagrams": str(datagrams),
            "abstract": abstract,
        }
        self._wake, self._end = socket.socketpair()
        self._selector.register(self._end, selectors.EVENT_READ, "end")
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        """Begin to listen, to sockets and to signals."""
        signal.signal(SIGNAL, lambda *_: self.received.append(f"signal {SIGNAL.name}"))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._wake.send(b"x")
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            os.close(key.fd)
            key.fileobj.detach()  # type: ignore[union-attr]
        self._wake.close()
        signal.signal(SIGNAL, signal.SIG_DFL)

    def _add(self, name: str, listener: socket.socket) -> socket.socket:
        self._selector.register(listener, selectors.EVENT_READ, name)
        return listener

    def _serve(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if key.data == "end":
                    return
                self.received.append(f"{key.data}: {_receive(key.fileobj)}")  # type: ignore[arg-type]


def _receive(listener: socket.socket) -> str:
    if listener.type == socket.SOCK_DGRAM:
        return listener.recv(_MAX_MESSAGE).decode(errors="replace")
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(0.5)
        try:
            return connection.recv(_MAX_MESSAGE).decode(errors="replace")
        except OSError:
            return "a connection"


class FileState(msgspec.Struct, frozen=True):
    """All of a file that a student could want to change."""

    mode: int
    owner: tuple[int, int]
    links: int
    modified: int
    attributes: tuple[str, ...]
    content: str


def snapshot(roots: Iterable[Path]) -> dict[str, FileState]:
    """Return the state of the files and folders at and below `roots`."""
    found = {}
    for root in roots:
        for path in (root, *sorted(root.rglob("*"))):
            found[str(path)] = _state(path)
    return found


def _state(path: Path) -> FileState:
    status = path.lstat()
    content = ""
    if stat.S_ISREG(status.st_mode):
        with path.open("rb") as file:
            content = hashlib.sha256(file.read(_ENOUGH_BYTES)).hexdigest()
    return FileState(
        mode=status.st_mode,
        owner=(status.st_uid, status.st_gid),
        links=status.st_nlink,
        modified=status.st_mtime_ns,
        attributes=tuple(os.listxattr(path, follow_symlinks=False)),
        content=content,
    )


def differences(before: dict[str, FileState], after: dict[str, FileState]) -> list[str]:
    """Return the paths that have come, gone or changed."""
    paths = sorted(before.keys() | after.keys())
    return [path for path in paths if before.get(path) != after.get(path)]


def marked_files(*others: Path) -> list[Path]:
    """Return what lies about with our mark in its name, in the places where one would try."""
    places = {Path("/"), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")}  # noqa: S108 - watched
    places |= {Path.home(), Path.cwd(), Path(tempfile.gettempdir()), Path(os.__file__).parent}
    places |= {Path(folder) for folder in site.getsitepackages()} | set(others)
    return sorted({path for place in places for path in _marked(place, 0)})


def _marked(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if MARK in entry.name:
            yield Path(entry.path)
        elif entry.name.startswith("numgrade-") and depth < _MAX_DEPTH:
            yield from _marked(Path(entry.path), depth + 1)


@contextlib.contextmanager
def adopting_orphans() -> Iterator[None]:
    """Be the parent of every descendant whose parent ends; see PR_SET_CHILD_SUBREAPER(2)."""
    if ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError("prctl: this process cannot adopt orphans")
    before = _ended_children()
    try:
        yield
    finally:
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
        for process in _ended_children() - before:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, os.WNOHANG)


def _ended_children() -> set[int]:
    """Return the children of this process that have ended and were not waited for."""
    everybody = (entry.name for entry in os.scandir("/proc") if entry.name.isdecimal())
    return {int(process) for process in everybody if _status(process) == ("Z", os.getpid())}


def descendants() -> dict[int, str]:
    """Return the command lines of all processes below this one that still run."""
    parents = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal() and (status := _status(entry.name)) is not None:
            state, parent = status
            if state != "Z":
                parents[int(entry.name)] = parent
    found: dict[int, str] = {}
    for process in parents:
        ancestor = process
        while ancestor in parents and parents[ancestor] not in (os.getpid(), 0):
            ancestor = parents[ancestor]
        if parents.get(ancestor) == os.getpid():
            found[process] = _command(process)
    return found


def _status(process: str) -> tuple[str, int] | None:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], int(fields[1])


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:200]
    except OSError:
        return ""
