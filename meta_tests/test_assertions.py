"""Assertions judge fairly, fail plainly, and give nothing away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from numgrade.assertions import (
    assert_close,
    assert_close_to_one,
    assert_order,
    assert_shape,
    assert_unchanged,
)
from numgrade.errors import CourseError, StudentRaised
from numgrade.tolerance import Band, round_off

if TYPE_CHECKING:
    from collections.abc import Callable

BAND = Band(1e-3, "The method errs by h.")
E = float(np.e)


NUMBERS = st.one_of(
    st.integers(-(2**4096), 2**4096),
    st.floats(),
    st.complex_numbers(),
    st.booleans(),
    st.none(),
    st.text(max_size=3),
    arrays(
        st.sampled_from(["?", "b", "i8", "u2", "f2", "f4", "f8", "g", "F", "D"]),
        array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    ),
)
ANSWERS: st.SearchStrategy[object] = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=2),
    ),
    max_leaves=6,
)
"""Whatever may travel over the wire."""


def failure(assertion: Callable[..., None], *args: Any, **kwargs: Any) -> str:  # noqa: ANN401
    """Return the message with which an assertion fails."""
    with pytest.raises(AssertionError) as caught:
        assertion(*args, **kwargs)
    return str(caught.value)


class TestKindsOfAnswers:
    """What may come back from a student's function, and how it is called."""

    @pytest.mark.parametrize(
        "answer",
        [
            2,
            2.0,
            2 + 0j,
            np.float64(2),
            np.float32(2),
            np.longdouble(2),
            np.int8(2),
            np.complex128(2),
            np.array(2.0),
            np.array(2),
        ],
        ids=repr,
    )
    def test_numbers_of_every_type_are_fair(self, answer: object) -> None:
        """An integer, a zero-dimensional array, a complex number on the real axis: all are 2."""
        assert_close(answer, 2.0, BAND)

    @pytest.mark.parametrize(
        "answer",
        [
            [1, 2.0],
            [np.float64(1), np.array(2.0)],
            [1 + 0j, 2],
            np.array([1, 2], dtype=np.uint8),
            np.array([1 + 0j, 2]),
        ],
        ids=repr,
    )
    def test_lists_are_accepted_as_arrays(self, answer: object) -> None:
        """A list of numbers is an array of them."""
        assert_close(answer, np.array([1.0, 2.0]), BAND)

    def test_nested_lists_are_accepted_as_matrices(self) -> None:
        """A list of rows is a matrix, whether rows are lists or arrays."""
        assert_close([[1, 2], np.array([3, 4])], [[1, 2], [3, 4]], BAND)

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (None, "returned None: does it end with a return statement?"),
            ((2.0, [1, 2]), "a tuple of 2 values: return the answer alone"),
            ("2.0", "returned text"),
            (True, "True or False"),
            (np.bool_(1), "True or False"),
            ({"x": 2.0}, "type dict"),
            (2 + 1e-9j, "a complex number; a real one"),
            (np.array([True]), "something else than numbers"),
            (np.array(["2"]), "something else than numbers"),
            ([None], "a list of something else than numbers"),
            ([1.0, (2.0, 3.0)], "a list of something else than numbers"),
            ([[1.0], [2.0, 3.0]], "rows differ in length"),
            ([1.0, [2.0]], "rows differ in length"),
            (float("nan"), "NaN"),
            (-np.inf, "infinite"),
            (2**4000, "infinite"),
            (np.longdouble("1e400"), "infinite"),
            (np.array([2.0]), "an array of shape (1,); a single number is asked for"),
        ],
        ids=repr,
    )
    def test_a_wrong_kind_fails_in_plain_words(self, answer: object, words: str) -> None:
        """What is no real number of the right shape is called what it is."""
        assert words in failure(assert_close, answer, 2.0, BAND)

    def test_a_number_for_an_array_fails(self) -> None:
        """One number does not stand for an array by broadcasting."""
        message = failure(assert_close, 1.0, np.ones(3), BAND)
        assert "a single number; an array of shape (3,) is asked for" in message

    @pytest.mark.parametrize("shape", [(3, 1), (1, 3), (2,), (0,)])
    def test_another_shape_fails(self, shape: tuple[int, ...]) -> None:
        """Shapes must agree; nothing is broadcast."""
        assert str(shape) in failure(assert_shape, np.ones(shape), (3,))
        assert_shape(np.ones(shape), shape)

    def test_one_nan_among_numbers_fails(self) -> None:
        """NaN is never equal, also where everything else is right."""
        assert "NaN" in failure(assert_close, [1.0, np.nan], [1.0, 2.0], BAND)

    @given(ANSWERS, st.sampled_from([(), (1,), (2, 2)]))
    def test_no_answer_can_break_a_check(self, answer: object, shape: tuple[int, ...]) -> None:
        """Whatever travels over the wire passes or fails; nothing else is raised, nor warned of."""
        ones = np.ones(shape)
        assertions: tuple[Callable[[], None], ...] = (
            lambda: assert_close(answer, ones, BAND),
            lambda: assert_order(lambda _: answer, ones, at_least=1),
            lambda: assert_unchanged(ones, answer, name="x"),
        )
        for assertion in assertions:
            try:
                assertion()
            except AssertionError as error:
                assert str(error).endswith((".", "?"))  # noqa: PT017 - any answer may also pass


class TestBands:
    """How errors are compared with bands."""

    @pytest.mark.parametrize("sign", [-1, 1])
    def test_ten_bands_are_allowed_by_default(self, sign: int) -> None:
        """The limit lies at ten times the band, on both sides of the expected value."""
        assert_close(2 + sign * 0.0099, 2.0, BAND)
        failure(assert_close, 2 + sign * 0.0101, 2.0, BAND)

    def test_the_safety_factor_is_the_checks_own(self) -> None:
        """A check may ask for less room, or give more."""
        failure(assert_close, 2.0015, 2.0, BAND, safety=1)
        assert_close(2.05, 2.0, BAND, safety=60)

    def test_the_worst_component_counts(self) -> None:
        """One wrong component among many right ones is an error."""
        answer = np.ones(100)
        answer[42] = 1.02
        assert "largest error is 2.0 times" in failure(assert_close, answer, np.ones(100), BAND)

    def test_a_closed_band_asks_for_the_exact_answer(self) -> None:
        """Nothing is divided by a band of width zero."""
        closed = Band(0.0, "Nothing is rounded.")
        assert_close(1.0, 1.0, closed)
        assert "more than a million times" in failure(assert_close, 1.5, 1.0, closed)

    def test_message_says_how_much_and_why(self) -> None:
        """A student learns the size of the error in units of what is allowed, and the reason."""
        message = failure(assert_close, 5.0, 2.0, BAND, what="The slope")
        assert message == (
            "The slope is not right: its error is about 300 times what is allowed. "
            "The method errs by h. Allowed is 10 times that."
        )

    @pytest.mark.parametrize("answer", [0.0, 1.0, -7e9])
    @pytest.mark.parametrize("expected", [7.2345, -0.0072345, 72345.0])
    def test_message_gives_no_value_away(self, answer: float, expected: float) -> None:
        """Not even an answer of 0, whose error is the expected value, makes it readable."""
        for message in (
            failure(assert_close, answer, expected, round_off(expected)),
            failure(assert_order, lambda _: answer, expected, at_least=2),
            failure(assert_unchanged, expected, answer, name="x"),
        ):
            assert "72" not in message

    def test_one_of_several_fair_answers_is_enough(self) -> None:
        """Each reading of an ambiguous definition is right, and what lies between is not."""
        readings = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
        assert_close_to_one([1.0, 2.0], readings, BAND)
        assert_close_to_one([3.0, 4.0], readings, BAND)
        failure(assert_close_to_one, [1.0, 4.0], readings, BAND)
        failure(assert_close_to_one, [2.0, 3.0], readings, BAND)

    @pytest.mark.parametrize("expected", [np.nan, [1.0, np.inf]])
    def test_an_expected_value_that_is_not_finite_is_the_authors_fault(
        self, expected: object
    ) -> None:
        """No answer can be compared with NaN: not even NaN."""
        with pytest.raises(CourseError, match="not finite"):
            assert_close(np.nan, expected, BAND)  # type: ignore[arg-type]


def forward(h: float) -> float:
    """Return the one-sided difference of exp at 1."""
    return float((np.exp(1 + h) - E) / h)


def central(h: float) -> float:
    """Return the central difference of exp at 1."""
    return float((np.exp(1 + h) - np.exp(1 - h)) / (2 * h))


def five_point(h: float) -> float:
    """Return the five-point difference of exp at 1."""
    return (4 * central(h) - central(2 * h)) / 3


class TestOrder:
    """How the order of convergence is measured."""

    @pytest.mark.parametrize(
        ("method", "order"), [(forward, 1), (central, 2), (five_point, 4)], ids=["1", "2", "4"]
    )
    def test_measures_the_order(self, method: Callable[[float], float], order: int) -> None:
        """A method passes up to its own order, and the message says which one was seen."""
        assert_order(method, E, at_least=order)
        message = failure(assert_order, method, E, at_least=order + 1)
        assert f"with order {order}.{0}" in message
        assert f"order {order + 1} is asked for" in message

    @pytest.mark.parametrize("noise", [0.0, 1e-15, -1e-15])
    def test_an_exact_answer_is_of_every_order(self, noise: float) -> None:
        """What is exact for all steps, but for round-off, does not fail for being so."""
        assert_order(lambda _: E + noise, E, at_least=2)

    def test_steps_below_the_floor_do_not_count(self) -> None:
        """Where round-off has taken over, the measured order is that of the larger steps."""
        steps = (1e-1, 1e-2, 1e-3, 1e-7, 1e-8)
        errors = {h: abs(five_point(h) - E) for h in steps}
        assert errors[1e-8] > errors[1e-3]  # round-off grows: a fit over all steps sees no order
        assert_order(five_point, E, at_least=4, steps=steps)

    def test_scale_raises_the_floor(self) -> None:
        """Noise of f's own size is no truncation error."""

        def noisy(h: float) -> float:
            return E + 1e-11 * (1 if h < 0.1 else -1)

        failure(assert_order, noisy, E, at_least=1)
        assert_order(noisy, E, at_least=1, scale=1e5)

    def test_a_large_limit_raises_the_floor(self) -> None:
        """The last digits of a large answer are round-off, whatever the step."""
        limit = 1e6 * E
        assert_order(lambda h: limit * (1 + 2e-16 * np.sign(h - 0.1)), limit, at_least=2)

    def test_an_ignored_step_fails(self) -> None:
        """An error that stays the same is of order 0, however small it is."""
        message = failure(assert_order, lambda _: E + 1e-9, E, at_least=1)
        assert "order 0.0" in message
        assert "Is the step really used" in message

    def test_the_right_order_towards_a_wrong_limit_fails(self) -> None:
        """Half the slope converges, but not to the slope."""
        assert "order 0" in failure(assert_order, lambda h: central(h) / 2, E, at_least=1)

    def test_a_growing_error_fails(self) -> None:
        """An error that grows as the step shrinks is reported as order 0, not as a negative one."""
        assert "order 0.0" in failure(assert_order, lambda h: E + 1e-3 / h, E, at_least=1)

    def test_the_worst_component_counts(self) -> None:
        """A gradient converges as slowly as its slowest component."""

        def gradient(h: float) -> list[float]:
            return [central(h), forward(h)]

        assert_order(gradient, [E, E], at_least=1)
        failure(assert_order, gradient, [E, E], at_least=2)

    def test_a_wrong_kind_fails_as_elsewhere(self) -> None:
        """None has no order."""
        assert "None" in failure(assert_order, lambda _: None, E, at_least=2)

    def test_the_students_exceptions_pass_through(self) -> None:
        """What a call raises is for the grader to judge."""

        def raises(_: float) -> float:
            raise StudentRaised("derivative raised ValueError.", "ValueError")

        with pytest.raises(StudentRaised):
            assert_order(raises, E, at_least=2)


class TestUnchanged:
    """When an argument counts as changed."""

    @pytest.mark.parametrize("h", [1e-5, 1e-2, 0.5])
    def test_residue_of_putting_back_is_fair(self, h: float) -> None:
        """Shifting a coordinate and shifting it back leaves round-off only."""
        before = np.array([0.1, 1.7, 3.3])
        once = before.copy()
        once += h
        once -= h
        twice = before.copy()
        twice += h
        twice -= 2 * h
        twice += h
        assert np.any(twice != before)
        assert_unchanged(before, once, name="x")
        assert_unchanged(before, twice, name="x")

    @pytest.mark.parametrize("after", [[0.1, 1.7 + 1e-5], [0.1], [[0.1, 1.7]], None])
    def test_a_shift_that_stays_is_a_change(self, after: object) -> None:
        """The smallest step that is in use is seen, and so is another shape."""
        with pytest.raises(AssertionError):
            assert_unchanged([0.1, 1.7], after, name="x")

    def test_the_message_names_the_argument(self) -> None:
        """A student learns which argument, and what to do."""
        message = failure(assert_unchanged, [1.0], [2.0], name="x0")
        assert message.startswith("The function changed x0")
        assert "copy" in message
