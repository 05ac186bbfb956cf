"""Become somebody else, or get capabilities back.

Must be observed: refused, and not even root's name means anything.
"""

# %%
for name, arguments in (
    ("setuid", (0,)),
    ("setgid", (0,)),
    ("setresuid", (0, 0, 0)),
    ("setgroups", (0, 0)),
    ("setfsuid", (0,)),
    ("capset", (struct.pack("<Ii", 0x20080522, 0), struct.pack("<6I", *[2**32 - 1] * 6))),
    ("prctl", (4, 1)),
    ("prctl", (47, 2, 0, 0, 0)),
    ("prctl", (38, 0, 0, 0, 0)),
    ("personality", (0x0040000,)),
    ("seccomp", (1, 0, 0)),
    ("landlock_create_ruleset", (bytes(16), 16, 0)),
):
    must_fail(name, *arguments)
