"""Read and write what the kernel shows as files: /proc, /sys, cgroups, the boot loader.

Must be observed: nothing that tells of the machine, and nothing that changes it.
"""

# %%
for path in (
    "/proc/self/mem",
    "/proc/self/status",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/modprobe",
    "/proc/kallsyms",
    "/proc/mounts",
    "/proc/net/unix",
    "/proc/keys",
    "/sys/kernel/uevent_helper",
    "/sys/fs/cgroup/cgroup.procs",
    "/sys/fs/cgroup/release_agent",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/hostname",
    "/boot",
):
    for flags in (os.O_RDONLY, os.O_WRONLY):
        if attempt(os.open, path, flags) is not None:
            through(f"{path} opens with {flags}")
