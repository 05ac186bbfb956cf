"""Read environment, memory and descriptors of the coordinator and its children from /proc.

Must be observed: no secret, no command line of a process of ours.
"""

# %%
for process in (
    target.coordinator,
    *range(target.coordinator, target.coordinator + 40),
    os.getppid(),
    1,
):
    for name in ("environ", "cmdline", "maps", "fd", "cwd/tests", "root/etc/hostname", "task"):
        path = f"/proc/{process}/{name}"
        if os.path.isdir(path):
            through(f"{path} can be listed") if attempt(os.listdir, path) else None
        elif os.path.exists(path):
            attempt(show, path)
