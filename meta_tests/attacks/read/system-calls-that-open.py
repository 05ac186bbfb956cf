"""Open a private file by the less usual system calls: openat2, handles, io_uring, fsopen.

Must be observed: every one of them is refused.
"""

# %%
path = target.private.encode() + b"\0"
how = struct.pack("<QQQ", os.O_RDONLY, 0, 0)
must_fail("openat2", -100, path, how, len(how))
handle = ctypes.create_string_buffer(struct.pack("<Ii", 128, 0) + bytes(128))
mount = ctypes.create_string_buffer(8)
for name, arguments in (
    ("name_to_handle_at", (-100, path, ctypes.addressof(handle), ctypes.addressof(mount), 0)),
    ("open_by_handle_at", (-100, ctypes.addressof(handle), 0)),
    ("open_tree", (-100, path, 0)),
    ("fsopen", (b"tmpfs", 0)),
    ("sendfile", (CHANNEL, CHANNEL, 0, 100)),
    ("execveat", (-100, path, 0, 0, 0)),
    ("io_uring_setup", (8, bytes(128))),
    ("inotify_init1", (0,)),
    ("fanotify_init", (0, 0)),
    ("uselib", (path,)),
    ("acct", (path,)),
):
    must_fail(name, *arguments)
