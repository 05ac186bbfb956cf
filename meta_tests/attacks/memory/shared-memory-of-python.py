"""Use the standard library's shared memory, which outlives the process that made it.

Must be observed: none can be made, and /dev/shm is as it was.
"""

# %%
from multiprocessing import shared_memory

attempt(shared_memory.SharedMemory, name="numgrade-attack", create=True, size=10**6)
attempt(lambda: open("/dev/shm/numgrade-attack", "w").write("x"))
