"""Read and write the memory of other processes, and take their descriptors.

Must be observed: refused, for every process.
"""

# %%
here = ctypes.create_string_buffer(64)
local = struct.pack("<QQ", ctypes.addressof(here), 8)
remote = struct.pack("<QQ", id(np) // 4096 * 4096, 8)
for process in (
    target.coordinator,
    *range(target.coordinator + 1, target.coordinator + 30),
    os.getppid(),
):
    for name in ("process_vm_readv", "process_vm_writev"):
        if call(name, process, local, 0 if name[-1] == "w" else 1, remote, 1, 0) > 0:
            through(f"{name} reached {process}")
    descriptor = call("pidfd_open", process, 0)
    if descriptor >= 0:
        through(f"a pidfd of {process}")
        print(call("pidfd_getfd", descriptor, 3, 0))
    attempt(show, f"/proc/{process}/mem")
must_fail("kcmp", target.coordinator, os.getpid(), 0, 0, 0)
must_fail("process_madvise", CHANNEL, local, 1, 4, 0)
