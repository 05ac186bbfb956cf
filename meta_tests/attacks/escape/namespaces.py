"""Enter and make namespaces: of users, mounts, processes, networks.

Must be observed: refused.
"""

# %%
for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
    must_fail("unshare", flag)
    must_fail("setns", CHANNEL, flag)
for process in (os.getppid(), target.coordinator, 1):
    for name in ("mnt", "user", "net", "pid"):
        descriptor = attempt(os.open, f"/proc/{process}/ns/{name}", os.O_RDONLY)
        if descriptor is not None:
            must_fail("setns", descriptor, 0)
