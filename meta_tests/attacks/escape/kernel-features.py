"""Call the parts of the kernel in which holes were found most often.

Must be observed: none of them can be reached.
"""

# %%
for name, arguments in (
    ("bpf", (0, bytes(128), 128)),
    ("perf_event_open", (bytes(128), 0, -1, -1, 0)),
    ("userfaultfd", (0,)),
    ("io_uring_setup", (8, bytes(128))),
    ("io_uring_enter", (CHANNEL, 1, 1, 0, 0)),
    ("io_uring_register", (CHANNEL, 0, 0, 0)),
    ("io_setup", (8, bytes(8))),
    ("keyctl", (0, -3, 1)),
    ("add_key", (b"user", b"numgrade-attack", b"x", 1, -3)),
    ("request_key", (b"user", b"numgrade-attack", 0, -3)),
    ("finit_module", (-1, b"", 0)),
    ("init_module", (0, 0, b"")),
    ("kexec_file_load", (-1, -1, 0, 0, 0)),
    ("quotactl", (-1, 0, 0, 0)),
    ("syslog", (10, 0, 0)),
    ("lookup_dcookie", (0, 0, 0)),
    ("move_pages", (0, 0, 0, 0, 0, 0)),
    ("mbind", (0, 0, 0, 0, 0, 0)),
    ("timer_create", (0, 0, bytes(8))),
    ("timerfd_create", (0, 0)),
    ("signalfd4", (-1, bytes(8), 8, 0)),
    ("cachestat", (CHANNEL, bytes(16), bytes(64), 0)),
    ("futex_waitv", (bytes(64), 1, 0, 0, 0)),
):
    must_fail(name, *arguments)
