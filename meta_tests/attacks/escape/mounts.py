"""Mount, unmount, bind, change the root.

Must be observed: refused.
"""

# %%
must_fail("mount", b"none", b"/tmp", b"tmpfs", 0, 0)
must_fail("mount", b"/", b"/tmp", 0, 0x1000, 0)
must_fail("mount", b"none", b"/", 0, 0x20 | 0x1000, 0)
must_fail("mount", b"proc", b"/tmp", b"proc", 0, 0)
must_fail("umount2", b"/scratch", 2)
must_fail("pivot_root", b"/", b"/tmp")
must_fail("chroot", b"/tmp")
must_fail("move_mount", -100, b"/", -100, b"/tmp", 0)
must_fail("fspick", -100, b"/", 0)
must_fail("mount_setattr", -100, b"/", 0, bytes(32), 32)
