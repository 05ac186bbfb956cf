"""Make files and folders without end: each costs an inode, which disks run out of.

Must be observed: an end after a few thousand. (It tries 5,000.)
"""

# %%
made = 0
for number in range(5000):
    try:
        os.mkdir(f"folder-{number}")
        made += 1
    except OSError as refusal:
        print(refusal)
        break
print(made)
if made == 5000:
    through("5,000 folders were made")
