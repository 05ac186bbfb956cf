"""Start, limit and kill the processes in which student code runs; the grader's side.

A `Sandbox` owns a zygote, and another for those who draw. `spawn` forks a worker from one of them,
confined and ready to run cells.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from numgrade import control
from numgrade.control import MAX_MESSAGE, Level, Plan, Reap, Reaped, Spawn, Spawned
from numgrade.errors import InfrastructureError
from numgrade.protocol import Channel, Failed, Ready
from numgrade.rootfs import HOME, SCRATCH, layout, variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

    from numgrade.settings import LimitValues

_START_SECONDS = 60.0
_SPAWN_SECONDS = 10.0
_MODULES = (
    "__init__",
    "errors",
    "wire",
    "kinds",
    "later",
    "vectors",
    "values",
    "codec",
    "protocol",
    "control",
    "linux",
    "confine",
    "cell_code",
    "cell_outputs",
    "foreseen",
    "stand_in",
    "shell",
    "worker",
    "zygote",
)
"""All that a sandbox gets to see of this package: nothing that knows a check or a mark."""

_MAX_CELLS = 100_000  # bytes of cells; a program's argument holds 131,071

_START = "import sys; sys.path[:0] = {path!r}; from numgrade.zygote import main; main()"


class Worker:
    """A student's process, seen from the grader.

    Attributes
    ----------
    channel : Channel
        The wire to it.
    layers : list of str
        The layers of protection that it reported before any student code ran.
    """

    def __init__(self, channel: Channel, pid: int, pidfd: int, sandbox: Sandbox) -> None:
        self.channel = channel
        self.layers: list[str] = []
        self._pid = pid
        self._pidfd = pidfd
        self._sandbox = sandbox
        self._ended: Reaped | None = None

    def kill(self) -> Reaped:
        """Kill the process, if it still runs, and return how it ended."""
        if self._ended is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            try:
                self._ended = self._sandbox.reap(self._pid)
            finally:
                os.close(self._pidfd)
                self.channel.close()
        return self._ended

    def wait(self, seconds: float) -> Reaped:
        """Give a process that has hung up a moment to end by itself, and return how it ended."""
        if self._ended is None:
            poll = select.poll()
            poll.register(self._pidfd, select.POLLIN)
            poll.poll(seconds * 1000)
        return self.kill()


class Sandbox:
    """One zygote and its workers.

    Parameters
    ----------
    level : {"A", "B", "C"}
        The protection to apply; see docs/security.md.
    limits : LimitValues
        Memory, scratch space and time.
    cells : sequence of str, optional
        Cells of the released notebook, which every worker will run.
    draws : bool, optional
        Whether workers will use Matplotlib. Forking a process that has loaded it costs more.

    Raises
    ------
    InfrastructureError
        If the zygote does not start at this level on this machine.
    """

    def __init__(
        self,
        level: Level,
        limits: LimitValues,
        cells: Sequence[str] = (),
        *,
        draws: bool = False,
    ) -> None:
        self.level: Level = level
        self._limits = limits
        self._cells = cells
        self._draws = draws
        self._other: Sandbox | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="numgrade-", ignore_cleanup_errors=True)
        self._count = 0
        self._is_lost = False
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = ours
        try:
            with theirs:
                self._process = self._start(theirs)
        except (InfrastructureError, OSError):
            ours.close()
            self._folder.cleanup()
            raise
        self._address_space = self._await_zygote() + limits.memory_mb * 2**20

    @property
    def alive(self) -> bool:
        """Whether the zygotes still run, and have answered all that they were asked."""
        lost = self._is_lost or self._process.poll() is not None
        return not lost and (self._other is None or self._other.alive)

    def spawn(self, *, draws: bool = False) -> Worker:
        """Fork a worker and wait until it is confined.

        Parameters
        ----------
        draws : bool, optional
            Whether it will use Matplotlib. The first who does has another zygote started.

        Raises
        ------
        InfrastructureError
            If a zygote is gone or does not start, or a layer of protection does not apply.
        """
        if draws and not self._draws:
            if self._other is None:
                self._other = Sandbox(self.level, self._limits, self._cells, draws=True)
            return self._other.spawn()
        ours, theirs = socket.socketpair()
        scratch = self._scratch()
        order = Spawn(scratch, self._address_space)
        with theirs:
            try:
                report, descriptors = self._ask(order, [theirs.fileno()])
            except InfrastructureError:
                ours.close()
                raise
        if not isinstance(report, Spawned) or len(descriptors) != 1:
            raise InfrastructureError("the zygote answered an order to spawn with something else")
        worker = Worker(Channel(ours), report.pid, descriptors[0], self)
        worker.channel.deadline = time.monotonic() + _SPAWN_SECONDS
        try:
            first, _ = worker.channel.receive_reply()
        except (OSError, TimeoutError) as error:
            worker.kill()
            raise InfrastructureError(f"a worker died before it was confined: {error}") from error
        if isinstance(first, Ready):
            worker.layers = list(first.layers)
            return worker
        worker.kill()
        reason = first.text if isinstance(first, Failed) else "it said something else"
        raise InfrastructureError(
            f"protection level {self.level} does not hold on this machine: {reason}. "
            "`numgrade doctor` says what is missing."
        )

    def reap(self, pid: int) -> Reaped:
        """Wait for a worker that was killed or has ended; see `Worker.kill`."""
        report, _ = self._ask(Reap(pid))
        if not isinstance(report, Reaped):
            raise InfrastructureError("the zygote answered an order to reap with something else")
        return report

    def close(self) -> None:
        """Kill the zygotes and all that lives in them, and remove their folders."""
        if self._other is not None:
            self._other.close()
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the sandbox."""
        self.close()

    def _scratch(self) -> str:
        """Return the private folder of the next worker; level A mounts an empty one there."""
        if self.level == "A":
            return HOME
        if self._count:
            shutil.rmtree(self._scratch_path(), ignore_errors=True)
        self._count += 1
        self._scratch_path().mkdir()
        return str(self._scratch_path())

    def _scratch_path(self) -> Path:
        return Path(self._folder.name, "scratch", str(self._count))

    def _ask(
        self, order: control.Order, descriptors: list[int] | None = None
    ) -> tuple[control.Report, list[int]]:
        try:
            socket.send_fds(self._control, [control.encoder.encode(order)], descriptors or [])
            self._control.settimeout(_SPAWN_SECONDS)
            data, received, *_ = socket.recv_fds(self._control, MAX_MESSAGE, 1)
            return control.report_decoder.decode(data), received
        except (OSError, msgspec.MsgspecError) as error:
            self._is_lost = True  # bubblewrap, our child, may outlive it by a moment
            raise InfrastructureError(f"the zygote does not answer: {error}") from error

    def _start(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        package = Path(self._folder.name, "package", "numgrade")
        package.mkdir(parents=True)
        self._scratch_path().parent.mkdir()
        for name in _MODULES:
            shutil.copy(Path(__file__).with_name(f"{name}.py"), package)
        environment = variables(self.level, self._folder.name)
        view = layout(self.level, package.parent, environment)
        plan = Plan(
            level=self.level,
            readable=view.readable,
            scratch=SCRATCH if self.level == "A" else str(self._scratch_path().parent),
            scratch_mb=self._limits.scratch_mb,
            cpu_seconds=max(1, round(self._limits.submission_seconds)),
            cells=tuple(_that_fit(self._cells)),
            draws=self._draws,
        )
        start = _START.format(path=list(view.path))
        orders = [msgspec.json.encode(plan).decode(), str(theirs.fileno())]
        return subprocess.Popen(  # noqa: S603 - a command of our own making, without a shell
            [*view.prefix, view.python, "-I", "-S", "-c", start, *orders],
            env=environment,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd="/",
        )

    def _await_zygote(self) -> int:
        """Wait until the zygote is warm; return the size of its address space, in bytes."""
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._control.settimeout(_START_SECONDS)
        try:
            ready, ancillary, *_ = self._control.recvmsg(MAX_MESSAGE, socket.CMSG_SPACE(12))
        except OSError:
            ready, ancillary = b"", []
        if ready != b"ready":
            self._process.kill()
            _, complaint = self._process.communicate()
            self.close()
            raise InfrastructureError(
                f"the sandbox does not start at protection level {self.level}: "
                + complaint.decode(errors="replace").strip()[-500:]
            )
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        # The kernel translates the sender's process id from its namespace into ours.
        pid, _, _ = struct.unpack("3i", ancillary[0][2])
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
        return pages * os.sysconf("SC_PAGESIZE")


def _that_fit(cells: Iterable[str]) -> Iterator[str]:
    """Yield as many cells as an argument of a program has room for: compiling them only helps."""
    room = _MAX_CELLS
    for cell in cells:
        room -= len(msgspec.json.encode(cell))
        if room < 0:
            return
        yield cell
