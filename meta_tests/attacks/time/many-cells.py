"""Hand in two thousand cells, each of which claims to be the one that counts.

Must be observed: graded or refused within the submission's time.
"""


def change(notebook, target):
    pattern = next(
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "derivative_solution"
    )
    copies = [
        {**pattern, "id": f"copy-{n}", "source": f"def derivative(f, x, h=1e-5):\n    return {n}\n"}
        for n in range(1_900)
    ]
    notebook["cells"] += copies
