"""Make pipes, devices, sockets and links in the one folder that may be written to.

Must be observed: none of them can be made, so nobody who looks there is caught by one.
"""

# %%
import socket
import stat


def bind():
    pair, other = socket.socketpair()
    pair.bind("a-socket")


for name, make in (
    ("pipe", lambda: os.mkfifo("a-pipe")),
    ("null", lambda: os.mknod("a-device", 0o666 | stat.S_IFCHR, os.makedev(1, 3))),
    ("disk", lambda: os.mknod("a-disk", 0o666 | stat.S_IFBLK, os.makedev(254, 0))),
    ("socket", bind),
    ("link", lambda: os.symlink("/etc/hostname", "a-link")),
    ("hard link", lambda: os.link("/etc/hostname", "a-hard-link")),
):
    before = set(os.listdir("."))
    attempt(make)
    if set(os.listdir(".")) != before:
        through(f"a {name} was made")
