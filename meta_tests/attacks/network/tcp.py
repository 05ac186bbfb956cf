"""Connect to a server on this machine, by every address that leads to it.

Must be observed: the server sees no connection.
"""

# %%
import socket

for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "::ffff:127.0.0.1", socket.gethostname()):
    connection = attempt(socket.create_connection, (host, target.port), 0.2)
    if connection is not None:
        connection.sendall(f"{target.attack} was here".encode())
