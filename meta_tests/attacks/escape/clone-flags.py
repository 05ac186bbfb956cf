"""Start a thread that is more than a thread: with namespaces, with a parent of its own choice.

Must be observed: only plain threads can be started.
"""

# %%
CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD = 0x100, 0x200, 0x400, 0x800, 0x10000
for flags in (
    0x8000 | 17,
    0x10000000 | 17,
    0x20000000 | 17,
    0x40000000 | 17,
    0x00020000 | 17,
    CLONE_THREAD | 0x10000000,
    CLONE_THREAD | CLONE_SIGHAND,
    CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | 0x20000000,
    CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | 0x10000000,
):
    result = call("clone", flags, 0, 0, 0, 0)
    if result == 0:
        os._exit(0)
    if result > 0:
        through(f"clone with {flags:#x} gave {result}")
