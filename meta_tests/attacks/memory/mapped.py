"""Take memory from the kernel, past Python: private, shared, with large pages. (At most 3 GB.)

Must be observed: far less than that can be had.
"""

# %%
import mmap

MAP_NORESERVE, MAP_HUGETLB, MAP_POPULATE = 0x4000, 0x40000, 0x8000
for flags in (mmap.MAP_PRIVATE, mmap.MAP_SHARED, mmap.MAP_PRIVATE | MAP_NORESERVE | MAP_POPULATE):
    held = []
    for _ in range(30):
        region = attempt(mmap.mmap, -1, 10**8, flags=flags | mmap.MAP_ANONYMOUS)
        if region is None:
            break
        held.append(region)
        for place in range(0, 10**8, 4096):
            region[place] = 1
    if len(held) > 10:
        through(f"{len(held)} regions of 100 MB")
    del held
