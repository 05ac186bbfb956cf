"""Hand in folders, links in circles, files without end and names without sense.

Must be observed: a record that says why, and neighbours are graded.
"""

SPARES = False


def hand_in(folder, target):
    import os

    (folder / "calculus.ipynb").unlink()
    (folder / "calculus.ipynb").mkdir()
    (folder / "circle").symlink_to(".")
    (folder / "zero.ipynb").symlink_to("/dev/zero")
    with open(folder / "holes.ipynb", "wb") as file:
        os.truncate(file.fileno(), 10**12)
    (folder / ("x" * 200 + ".ipynb")).write_bytes(b"\xff" * 1000)
