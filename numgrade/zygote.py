"""The zygote: NumPy and IPython imported, nothing secret in memory, one fork per submission.

Started by exec with a clean environment, never forked from a process that has seen a check. It
reads orders from the grader on a socket: spawn a worker, or report how one ended.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import numpy as np

from numgrade import linux
from numgrade.confine import CHANNEL, Prepared, confine, prepare
from numgrade.control import (
    MAX_MESSAGE,
    Plan,
    Reap,
    Reaped,
    Spawn,
    Spawned,
    encoder,
    order_decoder,
)
from numgrade.protocol import Channel, Failed, Ready
from numgrade.shell import NotebookShell
from numgrade.worker import Worker

_COLLECT_AFTER = 20_000
"""Objects made since the last collection that start the next; Python's own choice is 700."""


def main() -> None:
    """Warm up, say so, and carry out orders until the grader hangs up."""
    linux.die_with_parent(signal.SIGKILL)
    plan = msgspec.json.decode(sys.argv[1], type=Plan)
    control = socket.socket(fileno=int(sys.argv[2]))
    if control.fileno() != CHANNEL:
        # Taken, so that nothing of ours comes to lie where a worker gets its channel.
        os.dup2(control.fileno(), CHANNEL)
    # Where Matplotlib keeps a list of fonts, if it has the place: it is not loaded without one.
    Path(os.environ["MPLCONFIGDIR"]).mkdir(parents=True, exist_ok=True)
    shell = NotebookShell(draws=plan.draws)
    shell.prepare(plan.cells)
    if plan.draws:
        _forget_fonts()
    prepared = prepare(plan)
    own = os.pidfd_open(os.getpid()) if plan.level == "A" else -1
    gc.collect()
    # Collections in the workers shall not copy the zygote's pages, and be few: a worker lives
    # for less than a second, and its memory is limited anyway.
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 50, 100)
    control.send(b"ready")
    while True:
        data, descriptors, *_ = socket.recv_fds(control, MAX_MESSAGE, 1)
        if not data:
            return
        order = order_decoder.decode(data)
        if isinstance(order, Reap):
            _, status, usage = os.wait4(order.pid, 0)
            control.send(encoder.encode(Reaped(status, usage.ru_utime + usage.ru_stime)))
            continue
        (channel,) = descriptors
        pid = _fork(plan, own)
        if pid == 0:
            _become_worker(plan, order, channel, shell, prepared)
        os.close(channel)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(control, [encoder.encode(Spawned(pid))], [pidfd])
        os.close(pidfd)


def _forget_fonts() -> None:
    """Do what Matplotlib does in each child that is forked, where it costs a millisecond."""
    font_manager: Any = sys.modules["matplotlib.font_manager"]
    font_manager._get_font.cache_clear()  # noqa: SLF001 - the hook's


def _fork(plan: Plan, own: int) -> int:
    """Fork, at level A into a pid namespace of the child's own.

    Each child has random numbers of its own: Python sees to its module, and NumPy's global
    generator is seeded here, at a tenth of what it costs a child, whose pages have to be copied.

    `own` is a pidfd of this process: it leads back to the namespace in which the next child's
    namespace is made.
    """
    np.random.seed(None)  # noqa: NPY002 - the global generator is the one that is shared
    if plan.level != "A":
        return os.fork()
    linux.unshare(linux.CLONE_NEWPID)
    pid = os.fork()
    if pid:
        linux.set_namespace(own, linux.CLONE_NEWPID)
    return pid


def _become_worker(
    plan: Plan, order: Spawn, descriptor: int, shell: NotebookShell, prepared: Prepared | None
) -> NoReturn:
    """Confine this process and serve."""
    channel = Channel(socket.socket(fileno=os.dup2(descriptor, CHANNEL)))
    status = 0
    try:
        layers = confine(plan, order.scratch, order.address_space, prepared)
    except OSError as error:
        channel.send(Failed(0, str(error)))
        os._exit(1)
    shell.take_streams()
    channel.send(Ready(0, layers))
    try:
        Worker(channel, shell).serve()
    except BaseException:  # noqa: BLE001 - the grader sees the closed channel
        status = 1
    finally:
        os._exit(status)
