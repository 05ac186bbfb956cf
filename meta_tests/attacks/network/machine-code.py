"""Make the system call with instructions of one's own, without the C library.

Must be observed: the kernel refuses it all the same. (On other processors it tries nothing.)
"""

# %%
import mmap
import platform

if platform.machine() == "x86_64":
    # mov eax, 41 (socket); mov edi, 2; mov esi, 1; xor edx, edx; syscall; ret
    code = bytes.fromhex("b829000000 bf02000000 be01000000 31d2 0f05 c3")
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(code)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    result = ctypes.CFUNCTYPE(ctypes.c_long)(start)()
    print(result)
    if result >= 0:
        through(f"socket gave {result}")
