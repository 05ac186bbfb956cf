"""Hand in a symbolic link to a neighbour's notebook, as if it were one's own work.

Must be observed: it is not read: no mark, and a reason.
"""

SPARES = False


def hand_in(folder, target):
    (folder / "calculus.ipynb").unlink()
    (folder / "calculus.ipynb").symlink_to(target["neighbour"] + "/calculus.ipynb")
    (folder / "timestamp.txt").unlink()
    (folder / "timestamp.txt").symlink_to(target["private"])
    (folder / "submission_secret.txt").symlink_to(target["secret"])
