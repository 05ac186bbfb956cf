"""Change who may read a file, whose it is and when it was changed: Landlock guards none of it.

Must be observed: mode, owner, times and attributes of the file and its folder are as they were.
"""

# %%
for path in (target.private, target.home, target.neighbour, target.tests):
    attempt(os.chmod, path, 0o777)
    attempt(os.chown, path, 65534, 65534)
    attempt(os.utime, path, (1, 1))
    attempt(os.setxattr, path, "user.numgrade-attack", b"1")
must_fail("fchmodat", -100, target.private.encode(), 0o777)
must_fail("utimensat", -100, target.private.encode(), 0, 0)
must_fail("fchownat", -100, target.private.encode(), 65534, 65534, 0)
