"""Make memory executable and replace code of the C library, so as to call what is filtered.

Must be observed: code of one's own changes nothing about what the kernel allows.
"""

# %%
import platform

if platform.machine() == "x86_64":
    # mov eax, 57 (fork); syscall; ret - written over the C library's getpid.
    address = ctypes.cast(libc.getpid, ctypes.c_void_p).value
    page = address // 4096 * 4096
    print(libc.mprotect(ctypes.c_void_p(page), 8192, 7))
    ctypes.memmove(address, bytes.fromhex("b839000000 0f05 c3"), 8)
    result = libc.getpid()
    if result == 0:
        os._exit(0)
    print(result)
    if result > 0:
        through(f"fork gave {result}")
