"""How hard a check is, and whether those who pass it are those who do well elsewhere."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGITS = 6
"""Points are rounded to this many digits, as in the records: noise is no variance."""

POOR = 0.2
"""Ebel's limit: below it an item should be looked at (Essentials of Educational Measurement, 1972).

In a class that nearly all passed, or nearly nobody, it means little.
"""


def discrimination(
    passed: Sequence[bool], scores: Sequence[float], points: Sequence[float]
) -> float | None:
    """Return the point-biserial correlation of a check with the rest of the score.

    The points of the check itself are taken from the score first: with them every check would
    correlate with its own share.

    Parameters
    ----------
    passed : sequence of bool
        Whether each student passed the check, shape (n,).
    scores : sequence of float
        Their scores, points of this check included, shape (n,).
    points : sequence of float
        What the check gave each of them, shape (n,).

    Returns
    -------
    float or None
        Between -1 and 1; None where all passed or nobody did, or all have the same rest.

    Notes
    -----
    The point-biserial correlation is Pearson's, with 1 for passed and 0 for not. The correction is
    that of S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28
    (1963), 211-218.
    """
    rest = [round(score - own, _DIGITS) for score, own in zip(scores, points, strict=True)]
    if len({*passed}) < 2 or len({*rest}) < 2:  # noqa: PLR2004 - a correlation needs two values
        return None
    return statistics.correlation([float(each) for each in passed], rest)
