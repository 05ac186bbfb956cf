"""Bands hold for right methods, and shut out wrong ones by a wide margin."""

from __future__ import annotations

import dataclasses
import itertools
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from numgrade import tolerance
from numgrade.errors import CourseError
from numgrade.tolerance import Band

if TYPE_CHECKING:
    from collections.abc import Callable

    Function = Callable[[Any], Any]

# f and its first derivative.
FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "exponential": (np.exp, np.exp),
    "sine": (np.sin, np.cos),
    "cubic": (lambda x: x**3 - 2 * x, lambda x: 3 * x**2 - 2),
    "rational": (lambda x: 1 / (1 + x**2), lambda x: -2 * x / (1 + x**2) ** 2),
    "offset": (lambda x: 1000 + np.log(x), lambda x: 1 / x),
}
BY_NAME = pytest.mark.parametrize(("f", "slope"), FUNCTIONS.values(), ids=FUNCTIONS)
POINTS = np.linspace(0.6, 3.0, 40)
STEPS = 10.0 ** -np.arange(1, 12)
PANELS = (1, 2, 3, 10, 99, 1000)


def forward(f: Function, x: Any, h: float) -> Any:  # noqa: ANN401 - a number or an array
    """Return the one-sided quotient."""
    return (f(x + h) - f(x)) / h


def central(f: Function, x: Any, h: float) -> Any:  # noqa: ANN401 - a number or an array
    """Return the symmetric quotient."""
    return (f(x + h) - f(x - h)) / (2 * h)


def trapezoid(f: Function, a: float, b: float, panels: int) -> float:
    """Return NumPy's trapezoidal rule."""
    x = np.linspace(a, b, panels + 1)
    return float(np.trapezoid(f(x), x))


def left_sum(f: Function, a: float, b: float, panels: int) -> float:
    """Return the sum of rectangles under left ends."""
    return float((b - a) / panels * f(np.linspace(a, b, panels + 1)[:-1]).sum())


def integral(f: Function, a: float, b: float) -> float:
    """Return the integral by Gauss's rule, exact to round-off here."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    return float((b - a) / 2 * weights @ f((a + b) / 2 + (b - a) / 2 * nodes))


class TestDifferences:
    """Bands of difference quotients."""

    @BY_NAME
    @pytest.mark.parametrize("h", STEPS)
    def test_forward_band_holds(self, f: Function, slope: Function, h: float) -> None:
        """No step between 1e-1 and 1e-11 takes a forward difference out of its band."""
        for x in POINTS:
            error = abs(forward(f, x, h) - slope(x))
            assert error <= tolerance.forward_difference(f, x, h).allowed

    @BY_NAME
    @pytest.mark.parametrize("h", STEPS)
    def test_central_band_holds(self, f: Function, slope: Function, h: float) -> None:
        """No step between 1e-1 and 1e-11 takes a central difference out of its band."""
        for x in POINTS:
            error = abs(central(f, x, h) - slope(x))
            assert error <= tolerance.central_difference(f, x, h).allowed

    @pytest.mark.parametrize("h", [1e-2, 1e-3, 1e-4])
    def test_bands_are_tight(self, h: float) -> None:
        """Where truncation dominates, a band is hardly larger than the error itself."""
        x = 1.0
        one_sided = tolerance.forward_difference(np.exp, x, h).allowed
        assert one_sided <= 1.02 * abs(forward(np.exp, x, h) - np.exp(x))
        symmetric = tolerance.central_difference(np.exp, x, h).allowed
        assert symmetric <= 1.02 * abs(central(np.exp, x, h) - np.exp(x))

    def test_round_off_is_not_forgotten(self) -> None:
        """With a tiny step the error is far above truncation, and the band knows."""
        h, x = 1e-11, 1.5
        band = tolerance.central_difference(np.exp, x, h)
        error = abs(central(np.exp, x, h) - np.exp(x))
        assert 1e6 * h**2 * np.exp(x) < error <= band.allowed

    @BY_NAME
    def test_wrong_slopes_are_far_outside(self, f: Function, slope: Function) -> None:
        """Half the slope, or twice the slope, is 100 times further off than a band allows."""
        x = 2.0
        for band in (
            tolerance.forward_difference(f, x, 1e-5),
            tolerance.central_difference(f, x, 1e-5),
        ):
            assert abs(slope(x) / 2) > 100 * band.allowed

    def test_a_one_sided_difference_is_outside_the_central_band(self) -> None:
        """At the default step the two methods are told apart."""
        band = tolerance.central_difference(np.exp, 1.0, 1e-5)
        assert abs(forward(np.exp, 1.0, 1e-5) - np.e) > 10 * band.allowed

    def test_band_stays_open_at_an_inflection(self) -> None:
        """Where f'' vanishes a forward difference still errs, by the next term."""
        h = 1e-2
        error = abs(forward(np.sin, 0.0, h) - 1)
        assert error <= tolerance.forward_difference(np.sin, 0.0, h).allowed <= 100 * error

    def test_of_an_array_the_largest_band_counts(self) -> None:
        """One band serves all points of an array."""
        bands = [tolerance.forward_difference(np.exp, x, 1e-3).allowed for x in (0.0, 1.0, 2.0)]
        together = tolerance.forward_difference(np.exp, [0.0, 1.0, 2.0], 1e-3)
        assert together.allowed == pytest.approx(max(bands))


class TestGradient:
    """The band of a gradient."""

    @pytest.mark.parametrize("n", range(1, 7))
    def test_band_holds_in_each_component(self, n: int) -> None:
        """A forward difference in any coordinate stays inside, and the band is tight."""
        weights, h = np.arange(1, n + 1), 1e-4
        x = np.linspace(0.3, 1.1, n)

        def f(x: Any) -> Any:  # noqa: ANN401 - one point or several
            return np.dot(weights, np.sin(x))

        rows = h * np.eye(n)
        found = np.array([(f(x + row) - f(x)) / h for row in rows])
        error = np.abs(found - weights * np.cos(x)).max()
        allowed = tolerance.forward_gradient(f, x, h).allowed
        assert error <= allowed <= 1.1 * error

    def test_a_function_of_one_point_only_is_refused(self) -> None:
        """A function that would sum over the points is named as the author's mistake."""
        with pytest.raises(CourseError, match="columns"):
            tolerance.forward_gradient(lambda x: np.sum(x**2), [1.0, 2.0], 1e-5)


class TestQuadrature:
    """Bands of integration rules."""

    @BY_NAME
    @pytest.mark.parametrize("panels", PANELS)
    @pytest.mark.parametrize(("a", "b"), [(0.7, 2.1), (2.1, 0.7)])
    def test_bands_hold(
        self, f: Function, slope: Function, panels: int, a: float, b: float
    ) -> None:
        """Trapezoids and rectangles stay inside their bands, few or many, in either direction."""
        del slope
        exact = integral(f, a, b)
        error = abs(trapezoid(f, a, b, panels) - exact)
        assert error <= tolerance.composite_trapezoid(f, a, b, panels).allowed
        error = abs(left_sum(f, a, b, panels) - exact)
        assert error <= tolerance.composite_rectangle(f, a, b, panels).allowed

    @pytest.mark.parametrize("panels", [1, 10, 100])
    def test_bands_are_attained(self, panels: int) -> None:
        """The trapezoidal band is exact for a parabola, the rectangles' for a line."""
        a, b = 1.0, 3.0
        error = abs(trapezoid(np.square, a, b, panels) - 26 / 3)
        band = tolerance.composite_trapezoid(np.square, a, b, panels)
        assert band.allowed == pytest.approx(error, rel=1e-6)
        error = abs(left_sum(np.positive, a, b, panels) - 4)
        band = tolerance.composite_rectangle(np.positive, a, b, panels)
        assert band.allowed == pytest.approx(error, rel=1e-6)

    def test_rules_of_first_order_are_outside_the_trapezoidal_band(self) -> None:
        """With 100 panels a Riemann sum and a sum divided by n are 100 bands away."""
        a, b, panels = 0.5, 1.8, 100
        allowed = tolerance.composite_trapezoid(np.exp, a, b, panels).allowed
        exact = integral(np.exp, a, b)
        assert abs(left_sum(np.exp, a, b, panels) - exact) > 100 * allowed
        biased = trapezoid(np.exp, a, b, panels) * panels / (panels + 1)
        assert abs(biased - exact) > 100 * allowed

    def test_a_constant_answer_is_outside_the_rectangles_band(self) -> None:
        """The band for rough rules is no free pass: 0 is far outside."""
        allowed = tolerance.composite_rectangle(np.exp, 0.5, 1.8, 200).allowed
        assert abs(integral(np.exp, 0.5, 1.8)) > 100 * allowed

    @pytest.mark.parametrize("panels", [1, 4, 100])
    def test_sum_round_off_covers_any_way_of_summing(self, panels: int) -> None:
        """Nodes one by one from a, widths from a difference, sums from the other end."""
        a, b = 0.3, 1.7
        h = (b - a) / panels
        allowed = tolerance.sum_round_off(np.exp, a, b, panels).allowed
        by_node = [float(np.exp(a + i * h)) for i in range(panels + 1)]
        loop = sum((y + z) / 2 for y, z in itertools.pairwise(by_node)) * h
        backwards = h * (sum(reversed(by_node)) - (by_node[0] + by_node[-1]) / 2)
        exact_sum = h * (math.fsum(by_node) - (by_node[0] + by_node[-1]) / 2)
        x = np.linspace(a, b, panels + 1)
        by_width = (x[1] - x[0]) * (np.exp(x).sum() - (np.exp(a) + np.exp(b)) / 2)
        for other in (loop, backwards, by_width, trapezoid(np.exp, a, b, panels)):
            assert abs(other - exact_sum) <= allowed

    def test_few_nodes_tell_rules_apart(self) -> None:
        """With 4 panels Simpson's rule and midpoints are a million bands from trapezoids."""
        a, b, panels = 0.3, 1.7, 4
        allowed = tolerance.sum_round_off(np.exp, a, b, panels).allowed
        fine, coarse = trapezoid(np.exp, a, b, panels), trapezoid(np.exp, a, b, panels // 2)
        simpson, midpoint = (4 * fine - coarse) / 3, 2 * fine - coarse
        assert abs(simpson - fine) > 1e6 * allowed
        assert abs(midpoint - fine) > 1e6 * allowed


class TestDescent:
    """The band of gradient descent."""

    @pytest.mark.parametrize("rate", [0.01, 0.1, 0.19, 0.25])
    @pytest.mark.parametrize("iterations", [0, 1, 10, 200])
    def test_band_holds(self, rate: float, iterations: int) -> None:
        """Floating-point descent stays near the exact rational iterate, even as it diverges."""
        curvature, minimum, start = 10.0, 1.3, 4.7
        x = start
        for _ in range(iterations):
            x = x - rate * (curvature * (x - minimum))
        contraction = 1 - Fraction(rate) * Fraction(curvature)
        rest = contraction**iterations * (Fraction(start) - Fraction(minimum))
        exact = Fraction(minimum) + rest
        band = tolerance.fixed_step_descent(curvature, rate, iterations, start)
        assert abs(Fraction(x) - exact) <= Fraction(band.allowed)

    def test_one_step_more_is_far_outside(self) -> None:
        """An iterate too many is a million bands away."""
        hessian, rate, iterations = np.array([1.0, 12.0]), 0.05, 15
        start = np.array([5.0, 4.0])
        exact = (1 - rate * hessian) ** iterations * start
        one_more = (1 - rate * hessian) * exact
        band = tolerance.fixed_step_descent(hessian, rate, iterations, start)
        assert np.abs(one_more - exact).max() > 1e6 * band.allowed

    def test_divergence_opens_the_band(self) -> None:
        """Round-off grows with the iterates when the rate is too large."""
        calm = tolerance.fixed_step_descent(10, 0.1, 50, 1.0).allowed
        wild = tolerance.fixed_step_descent(10, 0.3, 50, 1.0).allowed
        assert wild > 2.0**49 * calm


class TestRoundOff:
    """The band of plain arithmetic."""

    def test_covers_a_chain_of_operations(self) -> None:
        """0.1 added a thousand times is off, but not by more than the band of the chain."""
        total = 0.0
        for _ in range(1000):
            total += 0.1
        error = abs(Fraction(total) - 100)
        allowed = tolerance.round_off(100, operations=1001).allowed
        assert 0 < error <= Fraction(allowed)
        assert allowed < 1e-10

    def test_largest_magnitude_counts(self) -> None:
        """The scale may be an array of either sign."""
        assert tolerance.round_off([1, -8]) == tolerance.round_off(8)


class TestDerivatives:
    """Derivatives by Cauchy's formula."""

    def test_known_derivatives(self) -> None:
        """The sine's derivatives come out, at every point of an array, to ten digits."""
        x = np.linspace(-2, 2, 6).reshape(2, 3)
        expected = [np.sin(x), np.cos(x), -np.sin(x), -np.cos(x), np.sin(x)]
        np.testing.assert_allclose(tolerance.derivatives(np.sin, x), expected, atol=1e-10)

    def test_constant_function(self) -> None:
        """A function that ignores the shape of its argument is a constant."""
        np.testing.assert_allclose(
            tolerance.derivatives(lambda _: 7.0, 1.0), [7, 0, 0, 0, 0], atol=1e-10
        )


class TestBand:
    """The value itself."""

    @pytest.mark.parametrize("allowed", [math.nan, math.inf, -1.0])
    def test_a_senseless_band_is_the_authors_fault(self, allowed: float) -> None:
        """A band that lets everything through, or nothing, is refused where it is made."""
        with pytest.raises(CourseError, match="error band"):
            Band(allowed, "A reason.")

    def test_is_a_value(self) -> None:
        """Bands compare by value and cannot be widened behind a check's back."""
        band = Band(1e-3, "A reason.")
        assert band == Band(1e-3, "A reason.")
        with pytest.raises(dataclasses.FrozenInstanceError):
            band.allowed = 1.0  # type: ignore[misc]

    @pytest.mark.parametrize(
        "band",
        [
            tolerance.round_off(1.0),
            tolerance.forward_difference(np.exp, 1.0, 1e-5),
            tolerance.central_difference(np.exp, 1.0, 1e-5),
            tolerance.composite_trapezoid(np.exp, 0.123, 1.789, 17),
            tolerance.composite_rectangle(np.exp, 0.123, 1.789, 17),
            tolerance.sum_round_off(np.exp, 0.123, 1.789, 17),
            tolerance.fixed_step_descent(3.0, 0.123, 17, 1.789),
        ],
    )
    def test_reason_is_a_sentence_without_values(self, band: Band) -> None:
        """Students read reasons: no input of a check may stand in them."""
        assert band.reason.endswith(".")
        assert band.reason[0].isupper()
        assert not any(text in band.reason for text in ("123", "789", "17", "e-"))
