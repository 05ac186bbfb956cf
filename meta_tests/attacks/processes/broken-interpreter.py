"""Break Python itself: builtins deleted, the recursion limit raised, interned objects overwritten.

Must be observed: no mark, no crash of ours, and the next student's Python is whole.
"""

SPARES = False

# %%
import builtins
import gc
import sys

sys.setrecursionlimit(10**9)
for module in ("os", "socket", "struct", "msgspec", "numgrade.protocol", "threading"):
    sys.modules[module] = None
gc.disable()
sys.setswitchinterval(100)


# %% derivative
def derivative(f, x, h=1e-5):
    return derivative(f, x, h)


# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    ctypes.memset(id(1) + 24, 2, 1)
    ctypes.memset(id(0.0), 255, 8)
    return np.zeros(2)


# %%
for name in ("isinstance", "len", "type", "BaseException"):
    delattr(builtins, name)
