"""Start threads until it is refused. (It stops by itself at 1,000, which end after some seconds.)

Must be observed: neighbours get their marks, and the attacker's other exercises too.
"""

# %%
import threading
import time

started = []
for _ in range(1000):
    thread = threading.Thread(target=time.sleep, args=(5,), daemon=True)
    if attempt(thread.start) is None and not thread.is_alive():
        break
    started.append(thread)
print(len(started))
