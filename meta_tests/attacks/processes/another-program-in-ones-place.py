"""Replace the worker by another program, which would keep its channel but not its limits.

Must be observed: no program can be executed.
"""

# %%
import sys

for program in (sys.executable, "/bin/sh", "/usr/bin/env", "/lib64/ld-linux-x86-64.so.2"):
    attempt(os.execv, program, [program, "-c", "import time; time.sleep(5)"])
must_fail("execve", b"/bin/sh", 0, 0)
