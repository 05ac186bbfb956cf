"""Interrupt one's own worker again and again, also between two calls and in the middle of a frame.

Must be observed: whatever breaks is the student's own.
"""

SPARES = False

# %%
import signal

alarms = 0


def ring(*_):
    global alarms
    alarms += 1
    if alarms % 7 == 0:
        raise KeyboardInterrupt


signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
