"""Scan one's own memory, which was the zygote's, for the texts of secrets.

Must be observed: no secret; whatever the zygote has seen, it was no check and no environment.
"""

# %%
import re

reader, writer = os.pipe()
size = 65_536
found = set()


def scan(start, stop):
    for address in range(start, stop, size):
        count = libc.write(writer, ctypes.c_void_p(address), ctypes.c_size_t(size))
        if count > 0:
            data = os.read(reader, count)
            found.update(re.findall(rb"canary-[a-z]+-[0-9a-f]{16}", data))


things = (object(), np, np.zeros(100), [], target, "text", protocol, 10**30, os.environ)
regions = {id(thing) // 2**25 for thing in things}
for region in sorted(regions)[:12]:
    scan(region * 2**25, (region + 1) * 2**25)
print(len(regions), found)
