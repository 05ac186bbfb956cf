"""Leave objects in the kernel by which submissions could talk: System V, queues, keys, names.

Must be observed: none can be made, so none can be found.
"""

# %%
for name, arguments in (
    ("shmget", (0x6E67, 4096, 0o1666)),
    ("shmat", (0, 0, 0)),
    ("semget", (0x6E67, 1, 0o1666)),
    ("msgget", (0x6E67, 0o1666)),
    ("msgsnd", (0, bytes(16), 8, 0)),
    ("mq_open", (b"numgrade-attack", 0o102, 0o666, 0)),
    ("add_key", (b"user", b"numgrade-attack", b"x", 1, -4)),
    ("flock", (CHANNEL, 2)),
    ("sethostname", (b"numgrade-attack", 15)),
):
    must_fail(name, *arguments)
