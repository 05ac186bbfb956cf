"""Lift one's own limits: memory, files, processor time, processes.

Must be observed: no limit becomes higher.
"""

# %%
import resource

for name in (
    "RLIMIT_AS",
    "RLIMIT_FSIZE",
    "RLIMIT_NOFILE",
    "RLIMIT_CPU",
    "RLIMIT_NPROC",
    "RLIMIT_CORE",
):
    kind = getattr(resource, name)
    before = resource.getrlimit(kind)
    attempt(resource.setrlimit, kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    attempt(resource.setrlimit, kind, (before[1], before[1]))
    if resource.getrlimit(kind)[1] != before[1]:
        through(f"{name} is {resource.getrlimit(kind)} now")
