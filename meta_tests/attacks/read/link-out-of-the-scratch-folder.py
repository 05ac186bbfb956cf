"""Put a symbolic link to a private file into the scratch folder, and read through it.

Must be observed: the content of the file is in no output.
"""

# %%
for name in ("private", "secret", "reference", "tests"):
    attempt(os.symlink, getattr(target, name), f"link-{name}")
    attempt(show, f"link-{name}")
attempt(os.symlink, "/", "everything")
attempt(show, "everything" + target.private)
