"""Have the kernel send the signal: name the coordinator as the one to tell when data arrives.

Must be observed: the coordinator receives none. (The signal is one that harms nobody.)
"""

# %%
import fcntl
import signal
import socket

F_SETSIG = 10
for process in (target.coordinator, os.getppid(), -target.coordinator):
    ours, theirs = socket.socketpair()
    if attempt(fcntl.fcntl, ours, fcntl.F_SETOWN, process) is not None:
        print("owner", fcntl.fcntl(ours, fcntl.F_GETOWN))
    attempt(fcntl.fcntl, ours, F_SETSIG, signal.SIGURG)
    attempt(fcntl.fcntl, ours, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    theirs.send(b"now")
