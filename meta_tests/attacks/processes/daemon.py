"""Leave a process behind that has left its session, to meet the next student.

Must be observed: nothing of this submission runs once it is graded.
"""

# %%
import time

child = attempt(os.fork)
if child == 0:
    os.setsid()
    if attempt(os.fork) != 0:
        os._exit(0)
    time.sleep(15)
    os._exit(0)
attempt(os.setsid)
attempt(os.daemon if hasattr(os, "daemon") else lambda: libc.daemon(0, 0))
