"""End the process in a cell: os._exit stops nbgrader's kernel and what comes after it.

Must be observed: the honest exercises keep their marks.
"""

# %%
os._exit(0)

# %%
import sys

sys.exit(1)

# %%
raise SystemExit("done")
