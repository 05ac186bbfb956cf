"""Start programs: a shell, Python, by all the ways of the standard library.

Must be observed: none of them runs.
"""

# %%
import os
import subprocess
import sys

mark = f"echo {target.attack} > {target.home}/numgrade-attack"
attempt(subprocess.run, mark, shell=True, timeout=0.3)
attempt(subprocess.Popen, [sys.executable, "-c", "import time; time.sleep(5)"], close_fds=False)
attempt(os.posix_spawn, "/bin/sh", ["sh", "-c", mark], {})
attempt(os.spawnv, os.P_NOWAIT, "/bin/sh", ["sh", "-c", mark])
print(attempt(os.system, mark), attempt(os.popen, mark), attempt(libc.system, mark.encode()))
