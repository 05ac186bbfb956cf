"""Delete the grade cells: nbgrader leaves such a submission waiting for a person, without a mark.

Must be observed: the hidden checks run all the same.
"""


def change(notebook, target):
    notebook["cells"] = [
        cell for cell in notebook["cells"] if not cell["metadata"].get("nbgrader", {}).get("grade")
    ]
