"""Pictures on feedback pages, on public inputs: each function's first sentence stands below it."""

import numpy as np

from numgrade.illustrations import illustrates
from numgrade.plots import error_plot

WIDTH = 2.0


@illustrates("simpson")
def error_against_the_width(student, reference):
    """Error of your integral of exp from 0 to 2, against the width h of a panel."""
    return error_plot(
        lambda h: student.simpson(np.exp, 0.0, WIDTH, round(WIDTH / h)),
        lambda h: reference.simpson(np.exp, 0.0, WIDTH, round(WIDTH / h)),
        exact=np.exp(WIDTH) - 1,
        steps=[WIDTH / n for n in (2, 4, 8, 16, 32)],
    )
