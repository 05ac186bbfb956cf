"""Loop for ever in a cell, with every exception caught: otter has no limit for this.

Must be observed: the cell is left out in time, and the honest exercises keep their marks.
"""

# %%
import time

end = time.monotonic() + 30
while time.monotonic() < end:
    try:
        while time.monotonic() < end:
            pass
    except BaseException:
        continue
through("30 s in a cell")
