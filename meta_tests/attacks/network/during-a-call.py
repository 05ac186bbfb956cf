"""Connect while a hidden check calls: the sandbox must be as tight then as in a cell.

Must be observed: the server sees no connection.
"""

# %% derivative
import socket


def derivative(f, x, h=1e-5):
    try:
        with socket.create_connection(("127.0.0.1", target.port), 0.1) as connection:
            connection.sendall(f"{target.attack}: {x!r}".encode())
    finally:
        return 0.0
