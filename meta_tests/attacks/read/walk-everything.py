"""Walk through the whole file system that can be seen and read what looks interesting.

Must be observed: no secret of ours in what was found.
"""

# %%
seen = 0
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if name not in ("site", "usr", "lib", "proc", "sys")]
    for name in files:
        seen += 1
        if seen < 3000 and name.endswith((".py", ".txt", ".db", ".ipynb", ".jsonl", "secret")):
            attempt(show, os.path.join(folder, name), 5000)
for place in ("/home", "/root", "/tmp", "/dev/shm", "/var/tmp", "/run", "/work", "/mnt", "/srv"):
    print(place, attempt(os.listdir, place))
print(seen)
