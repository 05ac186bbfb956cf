"""Change NumPy, Python and IPython in memory, thoroughly: the next student comes from the same zygote.

Must be observed: the neighbours' records are as without the attacker.
"""

SPARES = False

# %%
import builtins
import math
import sys

np.sum = np.linspace = np.zeros = np.exp = lambda *args, **kwargs: 0.0
math.sqrt = builtins.len = builtins.range = lambda *args: 0
sys.path.clear()
np.ndarray = float
for place in range(id(np.float64), id(np.float64) + 400, 8):
    ctypes.c_long.from_address(place).value
ctypes.memset(id(np.float64) + 200, 255, 64)
