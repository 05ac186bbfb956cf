"""Learn which files exist and how large they are, without opening any.

Must be observed: no file of the course exists for a student. (Level B does not promise this:
Landlock covers what is in files, not their names.)
"""

LEVELS = "A"

# %%
for name in ("private", "tests", "reference", "gradebook", "secret", "results", "neighbour"):
    path = getattr(target, name)
    for look in (os.stat, os.lstat, os.readlink, os.statvfs, os.listxattr):
        if attempt(look, path) is not None:
            through(f"{look.__name__} sees {name}")
    if os.access(path, os.F_OK):
        through(f"access sees {name}")
