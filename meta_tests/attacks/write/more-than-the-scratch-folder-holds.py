"""Fill the disk or the memory through the scratch folder, with many files of the largest size.

Must be observed: no more than its size can be written. (It tries 100 MB.)
"""

# %%
written = 0
for number in range(100):
    try:
        with open(f"large-{number}", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, 2**20)
            written += file.write(bytes(2**20))
    except OSError as refusal:
        print(refusal)
        break
print(written)
if written > 16 * 2**20:
    through(f"{written} bytes were written")
