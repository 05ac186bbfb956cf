"""What a worker does to itself after the fork, before any code of a student runs.

Each layer is one function. A layer that does not apply raises: the worker then reports a fault and
runs nothing, for a layer that is silently absent would be worse than none. References: the
kernel's documentation of Landlock (userspace-api/landlock), seccomp (userspace-api/seccomp_filter)
and user_namespaces(7).
"""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING, NamedTuple

import landlockpy
import seccompy
from landlockpy import AccessFS, Ruleset, Scope
from seccompy import Action, ArgCmp, CmpOp, Filter, SeccompError, syscall_nr

from numgrade import linux

if TYPE_CHECKING:
    from numgrade.control import Plan

CHANNEL = 3
"""The descriptor at which a worker finds its channel; 0, 1 and 2 are /dev/null."""

_READ = AccessFS.READ_FILE | AccessFS.READ_DIR
_WRITE = (
    _READ
    | AccessFS.WRITE_FILE
    | AccessFS.TRUNCATE
    | AccessFS.MAKE_REG
    | AccessFS.MAKE_DIR
    | AccessFS.REMOVE_FILE
    | AccessFS.REMOVE_DIR
)
_CLONE_THREAD = 0x00010000
_FILE_COMMANDS = (
    *(fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD),
    *(fcntl.F_GETFL, fcntl.F_SETFL, fcntl.F_GETLK, fcntl.F_SETLK, fcntl.F_SETLKW),
)
"""Not among them: to choose a signal and whom the kernel sends it to when data arrives."""

_TERMINAL_QUERIES = (0x5401, 0x5413, 0x541B, 0x5421, 0x5451)  # TCGETS … FIOCLEX: harmless ioctls

_SYSTEM_CALLS = """
read write readv writev pread64 pwrite64 lseek close close_range dup dup2 dup3 pipe pipe2
recvfrom poll ppoll select pselect6
mmap munmap mremap mprotect madvise brk futex
rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack rt_sigtimedwait setitimer getitimer alarm
clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage
getpid getppid gettid getuid geteuid getgid getegid getgroups getpgrp getpgid uname sysinfo
open openat stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat
getdents64 getcwd chdir fchdir statfs fstatfs umask
unlink unlinkat mkdir mkdirat rmdir rename renameat renameat2 truncate ftruncate fallocate
fsync fdatasync fadvise64
epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2 socketpair getsockname shutdown
sched_yield sched_getaffinity getcpu getrandom getrlimit membarrier rseq
set_robust_list set_tid_address restart_syscall exit exit_group
""".split()
"""What Python, NumPy, IPython and Matplotlib need; everything else is refused with EPERM.

Not among them, on purpose: fork and exec, socket, kill, ptrace, chmod and utimensat (Landlock does
not cover these two), memfd_create (memory that RLIMIT_AS does not count), prctl, mount, io_uring,
sendmsg (it passes descriptors on, and reaches other sockets from one end of a pair).
"""


class Prepared(NamedTuple):
    """What is made once, before the forks, since making it takes milliseconds."""

    files: Ruleset
    system_calls: Filter


def prepare(plan: Plan) -> Prepared | None:
    """Return the rules of Landlock and seccomp for all workers; None if the plan has none.

    Raises
    ------
    OSError
        If this kernel does not know them.
    """
    if plan.level == "C":
        return None
    return Prepared(_file_rules(plan), _system_call_filter())


def confine(plan: Plan, scratch: str, address_space: int, prepared: Prepared | None) -> list[str]:
    """Confine this process for good, and return the names of the layers that now hold.

    Parameters
    ----------
    plan : Plan
        What to apply.
    scratch : str
        The worker's private folder, below that of the plan.
    address_space : int
        Bytes of address space that the process may have in all.
    prepared : Prepared, optional
        From `prepare`.

    Raises
    ------
    OSError
        If a layer does not apply.
    """
    linux.die_with_parent(signal.SIGKILL)
    layers = []
    if plan.level == "A":
        _enter_namespaces(scratch, plan.scratch_mb)
        layers.append("namespaces")
    os.chdir(scratch)
    _limit_resources(plan, address_space)
    layers.append("limits")
    linux.drop_capabilities()
    if prepared is None:
        _keep_only_the_channel()
        return layers
    prepared.files.restrict()
    layers.append("landlock")
    _keep_only_the_channel()
    prepared.system_calls.load()
    layers.append("seccomp")
    return layers


def _system_call_filter() -> Filter:
    """Return the seccomp filter, compiled; it refuses every call that is not listed."""
    allowed = Filter(default=Action.ERRNO | errno.EPERM)
    for name in _SYSTEM_CALLS:
        if _exists(name):
            allowed.allow(name)
    only_threads = ArgCmp(0, CmpOp.MASKED_EQ, _CLONE_THREAD, mask=_CLONE_THREAD)
    allowed.allow("clone", args=[only_threads])
    # The C library falls back to clone, whose flags a filter can see; clone3 hides them in memory.
    allowed.errno("clone3", errno.ENOSYS)
    only_read = [ArgCmp(0, CmpOp.EQ, 0), ArgCmp(2, CmpOp.EQ, 0)]
    allowed.allow("prlimit64", args=only_read)
    # Without an address: a datagram from one end of a pair could go to any local socket.
    allowed.allow("sendto", args=[ArgCmp(4, CmpOp.EQ, 0)])
    for command in _FILE_COMMANDS:
        allowed.allow("fcntl", args=[ArgCmp(1, CmpOp.EQ, command)])
    for query in _TERMINAL_QUERIES:
        allowed.allow("ioctl", args=[ArgCmp(1, CmpOp.EQ, query)])
    # Done now, once, and not after each fork: both libraries look up the C library at first use.
    _ = allowed.program, landlockpy.supported(), seccompy.supported()
    return allowed


def _exists(name: str) -> bool:
    """Tell whether this architecture has the system call: aarch64 lacks open and stat, say."""
    try:
        syscall_nr(name)
    except (KeyError, ValueError, SeccompError):
        return False
    return True


def _keep_only_the_channel() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))


def _enter_namespaces(scratch: str, megabytes: int) -> None:
    """Take a private mount namespace with an empty scratch folder, and a user who is nobody.

    The pid namespace was made by the zygote; network, IPC and host name by bubblewrap.
    """
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount_scratch(scratch, megabytes)
    linux.unshare(linux.CLONE_NEWUSER)


def _limit_resources(plan: Plan, address_space: int) -> None:
    limits = {
        resource.RLIMIT_AS: address_space,
        resource.RLIMIT_FSIZE: plan.scratch_mb * 2**20,
        resource.RLIMIT_NOFILE: 128,
        resource.RLIMIT_CORE: 0,
    }
    if plan.level == "A":
        limits[resource.RLIMIT_NPROC] = 64  # counted in this user namespace alone
    for kind, value in limits.items():
        resource.setrlimit(kind, (value, value))
    # Pid 1 of a namespace ignores the soft limit's SIGXCPU; the hard limit's SIGKILL it obeys.
    resource.setrlimit(resource.RLIMIT_CPU, (plan.cpu_seconds, plan.cpu_seconds + 1))


def _file_rules(plan: Plan) -> Ruleset:
    """Return what Landlock leaves of the file system; a rule on a folder holds for mounts in it."""
    rules = Ruleset(scoped=Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL)
    for path in plan.readable:
        rules.allow_path(path, _READ if os.path.isdir(path) else AccessFS.READ_FILE)  # noqa: PTH112
    rules.allow_path(os.devnull, AccessFS.READ_FILE | AccessFS.WRITE_FILE)
    for path in ("/dev/urandom", "/dev/random"):
        rules.allow_path(path, AccessFS.READ_FILE)
    # Without a mount of its own nothing bounds what a folder holds, so nothing is written.
    rules.allow_path(plan.scratch, _WRITE if plan.level == "A" else _READ)
    return rules


assert sys.platform == "linux"  # noqa: S101 - tells mypy; elsewhere nothing of this can work
