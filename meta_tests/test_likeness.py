"""Answers are compared by their numbers, whatever they are made of and whatever a student sends."""

from __future__ import annotations

import math
from typing import Any

import hypothesis.extra.numpy as npst
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numgrade.likeness import EXACT, flatten, same_points, surely_differ
from numgrade.recording import Failure

pytest_plugins = ["meta_tests.spine"]

HUGE = 2**4000
LARGEST = 1.7e308
numbers = st.one_of(
    st.integers(-HUGE, HUGE),
    st.floats(),
    st.complex_numbers(),
    st.just(complex(LARGEST, LARGEST)),
    st.booleans(),
)
arrays = npst.arrays(
    dtype=st.sampled_from(["?", "u1", "i8", "u8", "f2", "f8", "longdouble", "c16"]),
    shape=npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
leaves = st.one_of(st.none(), st.text(max_size=5), numbers, arrays, st.builds(Failure, st.text()))
answers = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ),
    max_leaves=6,
)


@given(answers, answers)
def test_whatever_is_answered_can_be_compared(one: Any, other: Any) -> None:  # noqa: ANN401
    """No answer of a student's can end a diagnosis: it is like another, or it is not."""
    with np.errstate(all="ignore"):
        first, second = flatten(one), flatten(other)
        assert first.is_like(first, EXACT)
        assert first.is_like(second, EXACT) == second.is_like(first, EXACT)
        assert isinstance(surely_differ(one, other), bool)
        assert isinstance(first.says_little, bool)


@given(st.lists(leaves.map(lambda point: (point,)), max_size=3))
def test_wherever_f_is_evaluated_can_be_compared(points: list[tuple[Any, ...]]) -> None:
    """Points may be anything, too; in another order they are the same."""
    with np.errstate(all="ignore"):
        assert same_points([points], [points[::-1]]) in {True, False}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (2, np.float64(2.0)),
        ([1.0, 2.0], np.array([1, 2])),
        ((0.5, [1, 2]), (0.5, np.array([1.0, 2.0]))),
        (" B\n", "b"),
        (math.nan, np.nan),
        (1.0, 1.0 + 1e-14),
        ([1.0, 1e-16], [1.0, 0.0]),
    ],
)
def test_how_an_answer_is_kept_is_no_difference(one: object, other: object) -> None:
    """Lists are like arrays, integers like floats, and rounding is judged by the largest entry."""
    assert flatten(one).is_like(flatten(other), EXACT)
    assert not surely_differ(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, np.array([1.0])),
        (1.0, (1.0,)),
        (None, 0.0),
        (True, 1),
        (math.nan, math.inf),
        (1.0, 1.0 + 1e-9),
        (Failure("raised", "TypeError"), Failure("raised", "ValueError")),
        (Failure("raised", "AttributeError", "trapz"), Failure("raised", "AttributeError")),
    ],
)
def test_kinds_shapes_and_numbers_make_a_difference(one: object, other: object) -> None:
    """A tuple is no array, an array of one entry no number, and True is no 1."""
    assert not flatten(one).is_like(flatten(other), EXACT)


def test_points_are_the_same_in_any_order_and_grouping() -> None:
    """A loop asks for values one by one that an array asks for at once, and may ask again."""
    at_once, one_by_one = [(np.array([0.0, 0.5, 1.0]),)], [(1.0,), (0.5,), (0.0,), (0.5,)]
    assert same_points([at_once], [one_by_one])
    assert not same_points([at_once], [one_by_one[:2]])
    assert not same_points([at_once], [[]])
    assert not same_points([at_once], [])
