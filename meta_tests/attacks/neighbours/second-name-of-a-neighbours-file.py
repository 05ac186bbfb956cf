"""Hand in a hard link to a private file.

Must be observed: it is not read: no mark, no content of it in a page.
"""

SPARES = False


def hand_in(folder, target):
    import os

    (folder / "calculus.ipynb").unlink()
    os.link(target["private"], folder / "calculus.ipynb")
    os.link(target["private"], folder / "submission_secret.txt")
