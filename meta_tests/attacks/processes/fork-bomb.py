"""Fork until it is refused. (It stops by itself at 50 processes, which end after five seconds.)

Must be observed: not one process more than before.
"""

# %%
import time

children = 0
for _ in range(50):
    child = attempt(os.fork)
    if child == 0:
        time.sleep(5)
        os._exit(0)
    children += child is not None
print(children)
if children:
    through(f"{children} processes were started")
