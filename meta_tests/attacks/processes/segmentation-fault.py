"""Crash: read address 0, overflow the C stack, execute nonsense.

Must be observed: each costs its own cell or exercise, and the honest ones keep their marks.
"""

# %%
ctypes.string_at(0)

# %%
ctypes.CFUNCTYPE(None)(16)()

# %% derivative
import ctypes


def derivative(f, x, h=1e-5):
    ctypes.memset(0, 1, 100)


# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    os.abort()
