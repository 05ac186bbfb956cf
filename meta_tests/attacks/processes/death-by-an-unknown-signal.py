"""Die by a signal that has no name, during a check, so that whoever reports it stumbles.

Must be observed: the check is the student's to lose; the submission is scored.
"""

# %% derivative
import fcntl
import os
import signal
import socket


def derivative(f, x, h=1e-5):
    for number in (40, 33, 62):
        signal.signal(number, signal.SIG_DFL) if number != 33 else None
        try:
            os.kill(os.getpid(), number)
        except OSError:
            ours, theirs = socket.socketpair()
            try:
                fcntl.fcntl(ours, fcntl.F_SETOWN, os.getpid())
                fcntl.fcntl(ours, 10, number)
                fcntl.fcntl(ours, fcntl.F_SETFL, os.O_ASYNC)
            except OSError:
                continue
            theirs.send(b"now")
    return 0.0
