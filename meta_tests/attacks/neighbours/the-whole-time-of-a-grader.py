"""Use all the time that a cell and a check have, to make others wait.

Must be observed: neighbours lose nothing but time. (The attacker's own is spent.)
"""

SPARES = False

# %%
import time

time.sleep(0.9)


# %% derivative
def derivative(f, x, h=1e-5):
    time.sleep(0.9)
    return 0.0
