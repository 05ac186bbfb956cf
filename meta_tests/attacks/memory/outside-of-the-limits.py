"""Take memory that is not counted as a process's own: memfd, System V, huge pages, locked pages.

Must be observed: every way is refused.
"""

# %%
must_fail("memfd_create", b"numgrade-attack", 0)
must_fail("memfd_secret", 0)
must_fail("shmget", 0, 10**6, 0o1600)
must_fail("msgget", 0, 0o1600)
must_fail("semget", 0, 100, 0o1600)
must_fail("mq_open", b"numgrade-attack", 0o102, 0o600, 0)
must_fail("mlockall", 3)
must_fail("userfaultfd", 0)
must_fail("add_key", b"user", b"numgrade-attack", b"x" * 1000, 1000, -3)
