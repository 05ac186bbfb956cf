"""Write through files without a name and by copying between descriptors.

Must be observed: every way is refused, and the private file is as it was.
"""

# %%
must_fail("open", target.home.encode(), os.O_TMPFILE | os.O_RDWR, 0o600)
must_fail("memfd_create", b"numgrade-attack", 0)
must_fail("copy_file_range", 0, 0, CHANNEL, 0, 10, 0)
must_fail("splice", 0, 0, CHANNEL, 0, 10, 0)
must_fail("vmsplice", CHANNEL, 0, 0, 0)
must_fail("mknodat", -100, target.home.encode() + b"/numgrade-attack", 0o100600, 0)
must_fail("symlinkat", b"/", -100, target.home.encode() + b"/numgrade-attack")
