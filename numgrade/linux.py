"""The few calls of the Linux kernel that Python 3.11 does not offer, through ctypes.

Each wraps one system call of the C library; the numbers are those of the kernel's headers
(linux/sched.h, linux/prctl.h, linux/capability.h, sys/mount.h).
"""

from __future__ import annotations

import ctypes
import os
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
_MS_NOSUID_NODEV = 0x2 | 0x4
_PR_SET_PDEATHSIG = 1
_CAPABILITY_VERSION_3 = 0x20080522

# Loaded once, at import: looking the library up after a fork would cost milliseconds a worker.
_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Leave the namespaces named by `flags` for new ones; see unshare(2)."""
    _check(_libc.unshare(flags), "unshare")


def set_namespace(descriptor: int, kind: int) -> None:
    """Join the namespace of `kind` that a pidfd refers to; see setns(2), Linux 5.8."""
    _check(_libc.setns(descriptor, kind), "setns")


def mount_scratch(target: str, megabytes: int) -> None:
    """Mount an empty tmpfs at `target`, capped in bytes and in inodes; see mount(2), tmpfs(5)."""
    options = f"size={megabytes}m,nr_inodes=1024,mode=700".encode()
    done = _libc.mount(b"scratch", target.encode(), b"tmpfs", _MS_NOSUID_NODEV, options)
    _check(done, "mount")


def die_with_parent(signal_number: int) -> None:
    """Ask for `signal_number` when the parent dies; see prctl(2), PR_SET_PDEATHSIG."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0), "prctl")


def drop_capabilities() -> None:
    """Give up every capability of this thread; see capset(2)."""
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0))
    nothing = ctypes.create_string_buffer(struct.pack("=6I", *[0] * 6))
    _check(_libc.capset(header, nothing), "capset")


def _check(status: int, call: str) -> None:
    if status == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
