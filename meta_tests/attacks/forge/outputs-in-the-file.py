"""Hand in a notebook whose grade cells show full marks already: nbgrader reads scores in outputs.

Must be observed: the outputs of the file count for nothing.
"""


def change(notebook, target):
    for cell in notebook["cells"]:
        points = cell["metadata"].get("nbgrader", {}).get("points")
        if points:
            cell["execution_count"] = 1
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "data": {"text/plain": str(points)},
                    "metadata": {},
                    "execution_count": 1,
                }
            ]
