"""Signal, stop and starve whatever runs beside: every process id that one could guess.

Must be observed: neighbours are graded as if nobody were there. (The signal harms nobody.)
"""

# %%
for process in range(1, 400):
    if process != os.getpid() and call("kill", process, 23) >= 0:
        through(f"a signal reached process {process}")
must_fail("kill", -1, 23)
must_fail("kill", 0, 23)
must_fail("pidfd_open", os.getppid() or 1, 0)
