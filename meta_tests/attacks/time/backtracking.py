"""Stay in C code where no signal handler runs: regular expressions, powers, sorts.

Must be observed: the process is killed in time, whatever it does.
"""

# %% derivative
import re


def derivative(f, x, h=1e-5):
    if hash(x) % 2:
        return len(str(7 ** (10**7)))
    return re.match(r"(a|a)*b", "a" * 32) or 0.0
