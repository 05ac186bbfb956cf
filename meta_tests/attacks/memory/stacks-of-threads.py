"""Take memory as stacks of threads, each as large as is allowed.

Must be observed: the limit of memory holds for stacks as well.
"""

# %%
import threading
import time

threading.stack_size(2**26)
held = 0
for _ in range(40):
    thread = threading.Thread(target=time.sleep, args=(2,), daemon=True)
    try:
        thread.start()
    except RuntimeError:
        break
    held += 1
print(held)
if held == 40:
    through("stacks of 2.5 GB")
