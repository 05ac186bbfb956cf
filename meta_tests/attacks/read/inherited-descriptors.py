"""Look for descriptors that somebody forgot to close, and read from them.

Must be observed: nothing but the worker's own channel and /dev/null is open.
"""

# %%
import stat

for descriptor in range(1024):
    try:
        status = os.fstat(descriptor)
    except OSError:
        continue
    print(descriptor, stat.filemode(status.st_mode))
    is_null = stat.S_ISCHR(status.st_mode) and status.st_rdev == os.makedev(1, 3)
    if descriptor != CHANNEL and not is_null:
        through(f"descriptor {descriptor} is open: {stat.filemode(status.st_mode)}")
        print(attempt(os.pread, descriptor, 10_000, 0))
