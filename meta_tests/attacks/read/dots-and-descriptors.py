"""Reach a private file by relative paths, and relative to descriptors of folders.

Must be observed: the content of the file is in no output.
"""

# %%
attempt(show, "/".join([".."] * 40) + target.private)
for folder in ("/", ".", "..", "/tmp", "/usr/lib"):
    descriptor = attempt(os.open, folder, os.O_RDONLY | os.O_DIRECTORY)
    if descriptor is not None:
        climb = "/".join([".."] * 40) + target.private
        found = attempt(os.open, climb, os.O_RDONLY, dir_fd=descriptor)
        print(found and os.read(found, 100))
for folder in (target.course, target.home, target.submitted):
    attempt(os.chdir, folder)
    attempt(show, "private.txt")
    print(attempt(os.listdir, "."))
