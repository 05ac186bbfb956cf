"""Fill memory with arrays, written to. (It stops by itself at 3 GB.)

Must be observed: MemoryError or the end of the cell, and everybody else's marks.
"""

# %%
held = []
for _ in range(30):
    held.append(np.full(2**24 // 8 * 6, 1.0))
through("3 GB of arrays")
