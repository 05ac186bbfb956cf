"""Give every cell the same id and every solution the same name: one such cell stops nbgrader.

Must be observed: the batch goes on, and nothing is gained.
"""


def change(notebook, target):
    for cell in notebook["cells"]:
        cell["id"] = "derivative-examples"
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["metadata"]["nbgrader"]["grade_id"] = "partial_derivative_solution"
