"""Read the secret from which every student's inputs are drawn, by raw system calls.

Must be observed: the secret is nowhere, neither raw nor in hexadecimal.
"""

# %%
for flags in (os.O_RDONLY, os.O_RDWR, os.O_PATH, os.O_RDONLY | os.O_NOATIME | os.O_DIRECT):
    descriptor = attempt(os.open, target.secret, flags)
    if descriptor is not None:
        print(attempt(lambda: os.pread(descriptor, 32, 0).hex()))
        print(attempt(lambda: open(f"/proc/self/fd/{descriptor}", "rb").read().hex()))
buffer = ctypes.create_string_buffer(64)
descriptor = libc.open(target.secret.encode(), os.O_RDONLY)
if libc.read(descriptor, buffer, 32) == 32:
    print(buffer.raw[:32].hex())
