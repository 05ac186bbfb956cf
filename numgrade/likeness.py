"""Whether two answers are one and the same but for rounding, whatever they are made of."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import numpy as np

from numgrade.recording import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

Number: TypeAlias = float | complex

EXACT = 1e-12
"""Relative difference of two writings of a formula that amplifies no rounding."""

_ROUNDING = 10 * EXACT  # relative difference that says nothing of any two answers

COARSE = 1e-2
"""Answers further apart than this are not the same, however much they amplify rounding."""

_SAME_POINT = 1e-9
_KINDS = tuple, str, type(None)


class Flat(msgspec.Struct, frozen=True):
    """An answer, taken apart. Most answers are a few numbers, so these are plain ones.

    Attributes
    ----------
    kind : hashable
        What it is, but for its numbers: a number, an array of a shape, a tuple of such, None.
    numbers : list of float or complex
        All its numbers, in order.
    scales : list of float
        For each number, the largest finite magnitude among those that it came with.
    """

    kind: Hashable
    numbers: list[Number]
    scales: list[float]

    def gaps(self, other: Flat) -> list[float]:
        """Return by how much the numbers differ from those of another of the kind."""
        return [_gap(*pair) for pair in zip(self.numbers, other.numbers, strict=True)]

    def is_like(self, other: Flat, relative: float) -> bool:
        """Tell whether another is of the kind and agrees to a relative tolerance."""
        if self.kind != other.kind:
            return False
        scales = map(max, self.scales, other.scales)
        return all(
            gap <= relative * scale for gap, scale in zip(self.gaps(other), scales, strict=True)
        )

    def is_beyond(self, other: Flat, noise: Iterable[float]) -> bool:
        """Tell whether another of the kind differs by more than rounding, and by more than noise.

        Parameters
        ----------
        other : Flat
            An answer of the kind.
        noise : iterable of float
            For each number, a difference that says nothing.
        """
        bounds = zip(self.gaps(other), noise, self.scales, strict=True)
        return any(gap > each + _ROUNDING * scale for gap, each, scale in bounds)

    @property
    def says_little(self) -> bool:
        """Whether many different mistakes come to the same answer: zeros, NaN, None."""
        return not any(math.isfinite(size) and size for size in map(_magnitude, self.numbers))


def flatten(value: Any) -> Flat:  # noqa: ANN401 - whatever travels
    """Take an answer apart.

    Lists of numbers count as arrays, and all types of numbers as one: how a student keeps an
    answer is no part of a mistake. Texts are compared without case and white space around them.
    """
    numbers: list[Number] = []
    scales: list[float] = []
    kind = _kind(value, numbers, scales)
    return Flat(kind, numbers, scales)


def _kind(value: Any, numbers: list[Number], scales: list[float]) -> Hashable:  # noqa: ANN401, PLR0911 - a table of kinds
    if isinstance(value, bool | np.bool_):
        return "truth", bool(value)
    if isinstance(value, int | float | complex | np.number | np.ndarray):
        return _kind_of_array(np.asarray(value), numbers, scales)
    if isinstance(value, list):
        return _kind_of_list(value, numbers, scales)
    if isinstance(value, tuple):
        return "tuple", *(_kind(item, numbers, scales) for item in value)
    if isinstance(value, dict):
        return "dict", tuple(map(repr, value)), _kind(tuple(value.values()), numbers, scales)
    if isinstance(value, str):
        return "text", value.strip().lower()
    if isinstance(value, Failure):
        return "failure", value.kind, value.detail, value.name
    return repr(value)


def _kind_of_array(array: NDArray[Any], numbers: list[Number], scales: list[float]) -> Hashable:
    if array.dtype.kind not in "iufc":  # truth values, or an integer beyond the doubles
        return "other", array.shape, repr(array.tolist())
    own = array.ravel().tolist()
    numbers += own
    magnitudes = map(_magnitude, own)
    scales += [max(filter(math.isfinite, magnitudes), default=0.0)] * len(own)
    return "numbers", array.shape


def _kind_of_list(items: list[Any], numbers: list[Number], scales: list[float]) -> Hashable:
    """Return the kind of the array that a list can be taken for, or else that of a tuple."""
    try:
        array = np.asarray(items)
    except (ValueError, OverflowError):
        array = np.empty(0, object)
    if array.dtype.kind in "iufc":
        return _kind_of_array(array, numbers, scales)
    return "list", *(_kind(item, numbers, scales) for item in items)


def surely_differ(one: Any, other: Any) -> bool:  # noqa: ANN401
    """Tell two answers apart at a glance, if they are of the most common kinds."""
    if isinstance(one, float) and isinstance(other, float):
        return _gap(one, other) > COARSE * max(abs(one), abs(other))
    if isinstance(one, Failure) or isinstance(other, Failure):
        return bool(one != other) if type(one) is type(other) else True
    return any(isinstance(one, kind) is not isinstance(other, kind) for kind in _KINDS)


def _gap(one: Number, other: Number) -> float:
    """Return by how much two numbers differ; NaN is NaN's like."""
    if one == other or (one != one and other != other):  # noqa: PLR0124 - NaN alone differs from itself
        return 0.0
    gap = _magnitude(one - other)
    return math.inf if math.isnan(gap) else gap


def _magnitude(number: Number) -> float:
    """Return an absolute value; that of a complex number can be infinite, where abs raises."""
    return math.hypot(number.real, number.imag)


def same_points(one: Iterable[Sequence[Any]], other: Iterable[Sequence[Any]]) -> bool:
    """Tell whether functions were evaluated at the same numbers, in whatever order and grouping.

    A loop asks for the values one by one that an array asks for at once, and a value that is kept
    need not be asked for again: so how often a number occurs does not matter.
    """
    ours, theirs = list(map(_coordinates, one)), list(map(_coordinates, other))
    return len(ours) == len(theirs) and all(map(_same_set, ours, theirs))


def _coordinates(points: Sequence[Any]) -> Floats:
    """Return all coordinates of points, sorted, without what is no number."""
    return np.sort(np.array(flatten(tuple(points)).numbers, dtype=complex).real)


def _same_set(one: Floats, other: Floats) -> bool:
    if not one.size or not other.size:
        return one.size == other.size
    tolerance = _SAME_POINT * float(max(np.max(np.abs(one)), np.max(np.abs(other))))
    return _covers(one, other, tolerance) and _covers(other, one, tolerance)


def _covers(points: Floats, others: Floats, tolerance: float) -> bool:
    """Tell whether each of `others` lies near one of the sorted `points`."""
    right = np.searchsorted(points, others).clip(max=points.size - 1)
    left = (right - 1).clip(min=0)
    distance = np.minimum(np.abs(points[right] - others), np.abs(points[left] - others))
    return bool(np.all(distance <= tolerance))
