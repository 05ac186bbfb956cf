"""Block and ignore every signal, so that nothing polite ends the process.

Must be observed: the process is killed in time all the same.
"""

# %% derivative
import signal
import time

for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def derivative(f, x, h=1e-5):
    time.sleep(30)
    return 1.0
