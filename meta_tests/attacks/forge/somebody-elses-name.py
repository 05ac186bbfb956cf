"""Hand in a file that names another student, with a name of its own that looks like a path.

Must be observed: the folder says whose it is, and nothing is written elsewhere.
"""


def change(notebook, target):
    notebook["metadata"]["name"] = "../../s-0001/calculus/calculus"
    notebook["metadata"]["student_id"] = "s-0001"
    for cell in notebook["cells"]:
        cell["metadata"]["nbgrader_student"] = "s-0001"


def hand_in(folder, target):
    notebook = folder / "calculus.ipynb"
    notebook.rename(folder / "..%2f..%2fs-0001\u202e.ipynb")
    (folder / "student_id.txt").write_text("s-0001")
    (folder / "timestamp.txt").write_text("1970-01-01 00:00:00 UTC; DROP TABLE grade\n" * 1000)
