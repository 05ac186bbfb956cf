"""Leave a file in every folder where programs usually may: /tmp, /dev/shm, the home, the root.

Must be observed: no such file.
"""

# %%
places = ["/", "/tmp", "/var/tmp", "/dev/shm", "/run", "/dev", os.path.expanduser("~"), target.home]
places += [
    target.course,
    target.course + "/.numgrade",
    target.submitted,
    os.path.dirname(target.home),
]
for place in places:
    if not place.startswith("/scratch"):
        attempt(lambda: open(f"{place}/numgrade-attack-{target.attack}", "w").write("mark"))
        attempt(os.mkdir, f"{place}/numgrade-attack-{target.attack}-folder")
