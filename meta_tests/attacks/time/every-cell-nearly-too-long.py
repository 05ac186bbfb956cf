"""Use nearly all the time of a cell in each of many cells.

Must be observed: the submission's own time ends it.
"""

SPARES = False


def change(notebook, target):
    source = "import time\n\ntime.sleep(0.9)\n"
    notebook["cells"] += [
        {"cell_type": "code", "id": f"slow-{n}", "metadata": {}, "source": source, "outputs": []}
        for n in range(40)
    ]
