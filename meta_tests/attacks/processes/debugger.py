"""Attach to other processes as a debugger does, and let oneself be attached to.

Must be observed: refused, for every process.
"""

# %%
PTRACE_TRACEME, PTRACE_ATTACH, PTRACE_DETACH, PTRACE_SEIZE = 0, 16, 17, 0x4206
for process in (
    target.coordinator,
    *range(target.coordinator + 1, target.coordinator + 30),
    os.getppid(),
):
    for request in (PTRACE_SEIZE, PTRACE_ATTACH):
        if call("ptrace", request, process, 0, 0) >= 0:
            through(f"attached to {process}")
            call("ptrace", PTRACE_DETACH, process, 0, 0)
must_fail("ptrace", PTRACE_TRACEME, 0, 0, 0)
