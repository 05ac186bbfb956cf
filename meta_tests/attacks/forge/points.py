"""Ask for a thousand points a cell, for a negative number, for not-a-number, for a text.

Must be observed: no exercise is worth more, and none is worth less.
"""


def change(notebook, target):
    wishes = iter((1000, -5, float("nan"), "20", [4], True))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"]["points"] = next(wishes)
    notebook["metadata"]["nbgrader"] = {"score": 20, "max_score": 20}
