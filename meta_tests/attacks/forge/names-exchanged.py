"""Exchange the names of cells, so that an easy answer is graded as a hard one.

Must be observed: each exercise is checked by calling its own function.
"""

SPARES = False


def change(notebook, target):
    names = {"quiz": "derivative", "derivative": "quiz", "quiz_solution": "derivative_solution"}
    for cell in notebook["cells"]:
        flags = cell["metadata"].get("nbgrader", {})
        flags["grade_id"] = names.get(flags.get("grade_id"), flags.get("grade_id"))
