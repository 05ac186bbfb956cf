"""Ask for special treatment by metadata: tags that skip cells, another kernel, slides, widgets.

Must be observed: metadata of a student's decide nothing.
"""


def change(notebook, target):
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = [
            "show-only",
            "skip-execution",
            "raises-exception",
            "remove-cell",
        ]
        cell["metadata"]["deletable"] = cell["metadata"]["editable"] = True
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["cell_type"] = "raw"
    notebook["metadata"] = {
        "kernelspec": {"name": "bash", "language": "bash", "display_name": "x"},
        "language_info": {"name": "bash"},
        "celltoolbar": "Create Assignment",
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
    }
