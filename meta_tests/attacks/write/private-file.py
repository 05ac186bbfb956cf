"""Append to a user's private file, cut it off, and map it into memory to change it.

Must be observed: the file is as it was, to the byte and to the nanosecond.
"""

# %%
for mode in ("a", "r+", "w"):
    attempt(lambda: open(target.private, mode).write("changed"))
attempt(os.truncate, target.private, 0)
attempt(lambda: np.memmap(target.private, dtype="u1", mode="r+").fill(0))
attempt(lambda: np.array([1]).tofile(target.private))
print(libc.creat(target.private.encode(), 0o600))
