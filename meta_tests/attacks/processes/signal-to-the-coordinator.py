"""Send signals to the coordinator, to graders near it, and to the parent.

Must be observed: the coordinator receives none. (The signal is one that harms nobody.)
"""

# %%
import signal

near = (target.coordinator, *range(target.coordinator + 1, target.coordinator + 60), os.getppid())
for process in near:
    for send in (
        lambda: os.kill(process, signal.SIGURG),
        lambda: signal.pidfd_send_signal(os.pidfd_open(process), signal.SIGURG),
    ):
        try:
            send()
        except OSError:
            continue
        through(f"a signal was sent to {process}")
must_fail("tgkill", target.coordinator, target.coordinator, 23)
must_fail("tkill", target.coordinator, 23)
must_fail("rt_sigqueueinfo", target.coordinator, 23, bytes(128))
must_fail("kill", -target.coordinator, 23)
