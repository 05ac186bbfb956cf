"""Leave handlers that run when the process ends: atexit, finalisers, threads that do not end.

Must be observed: they hold nobody up, and nothing of them is in the next student's process.
"""

# %%
import atexit
import threading
import time
import weakref


def for_ever():
    while True:
        time.sleep(0.01)


class Clinging:
    def __del__(self):
        for_ever()


np.clinging = Clinging()
weakref.finalize(np.clinging, for_ever)
atexit.register(for_ever)
threading.Thread(target=for_ever, daemon=False).start()
