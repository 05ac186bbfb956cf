"""Find out which protection holds, by trying to break out.

A level is not believed because a kernel setting promises it. A canary worker tries to read, stat
and write a file of ours, to connect to a socket of ours, to start a process, to signal us and to
read our memory; the level is what it could not do.
"""

from __future__ import annotations

import ctypes
import os
import socket
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from numgrade.control import Level
from numgrade.errors import InfrastructureError, MalformedFrame
from numgrade.protocol import CellDone, RunCell, Stream
from numgrade.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numgrade.settings import LimitValues

LEVELS: tuple[Level, ...] = ("A", "B", "C")
ATTEMPTS = ("read", "stat", "write", "connect", "start", "signal", "memory")
_ALLOWED: dict[Level, frozenset[str]] = {
    "A": frozenset(),
    # Landlock does not cover stat: the names and sizes of files can be seen, not what is in them.
    "B": frozenset({"stat"}),
    "C": frozenset(ATTEMPTS),
}
_SECONDS = 20.0

_CANARY = """
import ctypes, json, os, socket, sys
target = {target!r}
def read(): open(target["file"]).read()
def stat(): os.stat(target["file"])
def write(): open(target["file"] + ".new", "w").write("x")
def connect(): socket.create_connection(("127.0.0.1", target["port"]), 0.5).close()
def start():
    if os.fork() == 0: os._exit(0)
def signal(): os.kill(target["pid"], 0)
def memory():
    class Range(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
    here = ctypes.create_string_buffer(16)
    local, remote = Range(ctypes.addressof(here), 16), Range(target["address"], 16)
    libc = ctypes.CDLL(None, use_errno=True)
    to, at = ctypes.byref(local), ctypes.byref(remote)
    if libc.process_vm_readv(target["pid"], to, 1, at, 1, 0) < 16:
        raise OSError(ctypes.get_errno(), "refused")
done = []
for attempt in (read, stat, write, connect, start, signal, memory):
    try:
        attempt()
    except OSError:
        continue
    done.append(attempt.__name__)
print(json.dumps(done))
"""


class Finding(msgspec.Struct, frozen=True):
    """What the canary could do at a level, or why the level could not be tried."""

    level: Level
    layers: tuple[str, ...] = ()
    succeeded: tuple[str, ...] = ()
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Whether the level keeps what it promises."""
        return not self.problem and set(self.succeeded) <= _ALLOWED[self.level]


def open_sandbox(
    limits: LimitValues,
    *,
    allow_weak: bool,
    levels: Sequence[Level] = LEVELS,
    cells: Sequence[str] = (),
) -> Sandbox:
    """Start a sandbox at the best level that holds.

    Parameters
    ----------
    limits : LimitValues
        Limits on student code.
    allow_weak : bool
        Whether level C, resource limits alone, will do.
    levels : sequence, optional
        The levels to try, best first.
    cells : sequence of str, optional
        Cells of the released notebook, which every worker will run.

    Raises
    ------
    InfrastructureError
        If no acceptable level holds; the message says what failed at each.
    """
    problems = []
    for level in levels:
        if level == "C" and not allow_weak:
            continue
        try:
            sandbox = Sandbox(level, limits, cells)
        except InfrastructureError as error:
            problems.append(f"level {level}: {error}")
            continue
        finding = examine(sandbox)
        if finding.holds:
            return sandbox
        sandbox.close()
        problems.append(f"level {level}: {finding.problem or _leak(finding)}")
    raise InfrastructureError(
        "No protection level holds on this machine, so nothing was graded.\n  "
        + "\n  ".join(problems)
        + "\n`numgrade doctor` says what to install; --allow-weak-sandbox grades with resource "
        "limits alone, which only code that you trust deserves."
    )


def examine(sandbox: Sandbox) -> Finding:
    """Send a canary into a sandbox and return what it could do."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        bait = Path(folder, "bait")
        bait.write_text("a secret of the grader")
        secret = ctypes.create_string_buffer(b"a secret of the grader")
        target = {
            "file": str(bait),
            "port": server.getsockname()[1],
            "pid": os.getpid(),
            "address": ctypes.addressof(secret),
        }
        try:
            return _run_canary(sandbox, _CANARY.format(target=target))
        except InfrastructureError as error:
            return Finding(sandbox.level, problem=str(error))


def survey(limits: LimitValues) -> list[Finding]:
    """Try every level; what `numgrade doctor` shows."""
    findings = []
    for level in LEVELS:
        try:
            with Sandbox(level, limits) as sandbox:
                findings.append(examine(sandbox))
        except InfrastructureError as error:
            findings.append(Finding(level, problem=str(error)))
    return findings


def _run_canary(sandbox: Sandbox, source: str) -> Finding:
    worker = sandbox.spawn()
    try:
        worker.channel.deadline = time.monotonic() + _SECONDS
        worker.channel.send(RunCell(1, source, render_figures=False, output_bytes=10_000))
        reply, _ = worker.channel.receive_reply()
    except (OSError, MalformedFrame) as error:
        raise InfrastructureError(f"the canary gave no answer: {error}") from error
    finally:
        worker.kill()
    printed = [out for out in getattr(reply, "outputs", []) if isinstance(out, Stream)]
    if not isinstance(reply, CellDone) or not reply.succeeded or not printed:
        raise InfrastructureError(f"the canary fell over: {reply}")
    succeeded = msgspec.json.decode(printed[0].text.encode(), type=tuple[str, ...])
    return Finding(sandbox.level, tuple(worker.layers), succeeded)


def _leak(finding: Finding) -> str:
    return "a canary could " + ", ".join(sorted(set(finding.succeeded) - _ALLOWED[finding.level]))
