"""Take processor time from neighbours: priorities, real time, other cores.

Must be observed: refused.
"""

# %%
must_fail("setpriority", 0, 0, -20)
must_fail("setpriority", 0, target.coordinator, 19)
must_fail("sched_setscheduler", 0, 1, struct.pack("<i", 50))
must_fail("sched_setaffinity", 0, 8, struct.pack("<Q", 2**63 - 1))
must_fail("sched_setaffinity", target.coordinator, 8, struct.pack("<Q", 1))
must_fail("sched_setattr", 0, struct.pack("<IIQiIQQQ", 48, 6, 0, 0, 0, 9 * 10**6, 10**7, 10**7), 0)
must_fail("ioprio_set", 1, 0, 0x2000)
must_fail("prlimit64", target.coordinator, 7, struct.pack("<QQ", 64, 64), 0)
must_fail("setrlimit", 9, struct.pack("<QQ", 2**40, 2**40))
