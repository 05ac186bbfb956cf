"""Wait for connections: a later submission, or a program of the user, could come.

Must be observed: nobody can listen.
"""

# %%
import socket

for host, family in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)):
    if attempt(socket.create_server, (host, 0), family=family) is not None:
        through("a server listens")
pair, _ = socket.socketpair()
attempt(pair.listen)
must_fail("bind", pair.fileno(), b"\x01\0\0numgrade", 11)
must_fail("listen", pair.fileno(), 1)
must_fail("accept4", pair.fileno(), 0, 0, 0)
