"""Read a user's private file with every reader that Python and NumPy have.

Must be observed: the content of the file is in no output.
"""

# %%
import codecs
import io
import mmap
import pathlib
import tokenize

path = target.private


def mapped():
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as memory:
        return memory[:]


for reader in (
    lambda: np.fromfile(path, dtype="S1").tobytes(),
    lambda: np.memmap(path, dtype="u1", mode="r").tobytes(),
    lambda: np.loadtxt(path, dtype=str),
    lambda: np.genfromtxt(path, dtype=str),
    lambda: np.load(path, allow_pickle=True),
    lambda: pathlib.Path(path).read_text(),
    lambda: io.FileIO(path).readall(),
    lambda: codecs.open(path, encoding="utf-8").read(),
    lambda: tokenize.open(path).read(),
    lambda: plt.imread(path),
    mapped,
):
    print(attempt(reader))
