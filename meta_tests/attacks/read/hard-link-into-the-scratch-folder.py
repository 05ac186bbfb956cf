"""Give a private file a second name in the scratch folder.

Must be observed: no second name, and the content is in no output.
"""

# %%
attempt(os.link, target.private, "mine")
attempt(show, "mine")
attempt(os.rename, target.private, "moved")
attempt(show, "moved")
must_fail("linkat", -100, target.private.encode(), -100, b"mine-too", 0)
