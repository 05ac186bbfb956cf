"""Load libraries of one's own, and preload them into programs to come.

Must be observed: nothing that is loaded can do more than the process that loads it.
"""

# %%
os.environ["LD_PRELOAD"] = "/scratch/evil.so"
os.environ["PYTHONSTARTUP"] = os.environ["PYTHONPATH"] = target.home
for path in ("evil.so", "/proc/self/exe", target.private, "/lib/x86_64-linux-gnu/libpam.so.0"):
    attempt(lambda: open("evil.so", "wb").write(b"\x7fELF" + bytes(200)))
    attempt(ctypes.CDLL, path)
print(attempt(lambda: libc.system(b"true")))
must_fail("uselib", b"evil.so")
must_fail("modify_ldt", 17, bytes(16), 16)
must_fail("ioperm", 0, 100, 1)
must_fail("iopl", 3)
