"""Read what was written for other students: records, autograded notebooks, feedback.

Must be observed: no record and no notebook of a neighbour in an output.
"""

# %%
for path in (
    target.results,
    target.neighbour,
    target.neighbour.replace("/submitted/", "/autograded/"),
    target.neighbour.replace("/submitted/", "/feedback/"),
    os.path.dirname(target.results),
):
    spy(path)
