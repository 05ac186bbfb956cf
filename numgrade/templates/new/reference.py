"""Reference implementation of the exercises of ASSIGNMENT_NAME.

References
----------
.. [1] R. L. Burden, J. D. Faires and A. M. Burden, Numerical Analysis, 10th edition, 2016.
"""

import numpy as np


def simpson(f, a, b, n=10):
    """Integrate f from a to b by the composite Simpson's rule.

    With panels of width h the error is h^4 (b - a) / 180 f''''(mu), so the method is of fourth
    order [1]_, Section 4.4.

    Parameters
    ----------
    f : callable
        Takes and returns arrays, elementwise.
    a, b : float
        The bounds; the integral changes its sign where b < a.
    n : int
        Number of panels; even.

    Returns
    -------
    float
        The approximate integral.
    """
    y = f(np.linspace(a, b, n + 1))
    inner = 4 * y[1:n:2].sum() + 2 * y[2:n:2].sum()
    return float((y[0] + inner + y[n]) * (b - a) / (3 * n))
