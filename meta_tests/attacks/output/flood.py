"""Print without end, to both streams, with and without line breaks. (It stops by itself at 50 MB.)

Must be observed: as much is kept as is allowed, and the honest exercises keep their marks.
"""

# %%
import sys

for number in range(500):
    print("x" * 100_000, file=(sys.stdout, sys.stderr)[number % 2])

# %%
for number in range(100_000):
    print(number)

# %%
from IPython.display import display

for number in range(3_000):
    display(number)
