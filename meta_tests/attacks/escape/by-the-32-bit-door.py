"""Make system calls by their 32-bit numbers, which filters of 64-bit numbers overlook.

Must be observed: refused or killed for it. (On other processors it tries nothing.)
"""

# %%
import mmap
import platform


def run(code):
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(bytes.fromhex(code))
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(memory)))()


print(platform.machine())
for number in (41, 57, 59, 101):
    result = libc.syscall(0x40000000 + number, 2, 1, 0)
    if result > 0:
        through(f"the x32 call {number} gave {result}")

# %%
if platform.machine() == "x86_64":
    # push rbx; mov eax, 359 (socket of i386); mov ebx, 2; mov ecx, 1; xor edx, edx; int 0x80; pop rbx; ret
    result = run("53 b867010000 bb02000000 b901000000 31d2 cd80 5b c3")
    print(result)
    if result >= 0:
        through(f"the 32-bit call of socket gave {result}")
