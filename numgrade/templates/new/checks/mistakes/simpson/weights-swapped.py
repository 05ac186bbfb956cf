"""The weights 4 and 2 have changed places. Write them down for two panels, where there is one inner
value only: which of the two is its weight?"""

import numpy as np


def simpson(f, a, b, n=10):
    y = f(np.linspace(a, b, n + 1))
    total = y[0] + 2 * np.sum(y[1:-1:2]) + 4 * np.sum(y[2:-1:2]) + y[-1]
    return total * (b - a) / n / 3
