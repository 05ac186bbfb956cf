"""Hand in a named pipe that nobody writes to, so that whoever reads it waits for ever.

Must be observed: nobody waits, and neighbours are graded.
"""

SPARES = False


def hand_in(folder, target):
    import os
    import socket

    (folder / "calculus.ipynb").unlink()
    os.mkfifo(folder / "calculus.ipynb")
    os.mkfifo(folder / "submission_secret.txt")
    (folder / "timestamp.txt").unlink()
    os.mkfifo(folder / "timestamp.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"/proc/self/fd/{os.open(folder, os.O_RDONLY)}/socket.ipynb")
