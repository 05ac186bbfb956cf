"""Fill memory with Python objects. (It stops by itself at 3 GB.)

Must be observed: MemoryError or the end of the cell, and everybody else's marks.
"""

# %%
held = []
for _ in range(3000):
    held.append([None] * 2**17)
through("3 GB of lists")
