"""The reference implementation is right, by oracles that share no code with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from numgrade.local import load_module

calculus = load_module(Path(__file__).parents[1] / "reference" / "calculus.py", "calculus")


def cubic(x: Any) -> Any:  # noqa: ANN401 - a number or an array
    """Return x^3; its slope is 3 x^2, its central difference is off by h^2 exactly."""
    return x**3


def saddle(x: Any) -> Any:  # noqa: ANN401 - a point
    """Return x0^2 - 3 x0 x1, with the gradient (2 x0 - 3 x1, -3 x0)."""
    return x[0] ** 2 - 3 * x[0] * x[1]


class TestDerivative:
    """Central differences in one variable."""

    @pytest.mark.parametrize("h", [0.5, 0.1, 0.02])
    def test_error_is_the_textbooks(self, h: float) -> None:
        """For a cubic the error is h^2/6 f''' = h^2, neither more nor less."""
        assert calculus.derivative(cubic, 2.0, h) - 12 == pytest.approx(h**2, rel=1e-8)

    @pytest.mark.parametrize("x", [3, [1, 2], np.array([[1, 2], [3, 4]])])
    def test_takes_whole_numbers_and_arrays_of_any_shape(self, x: Any) -> None:  # noqa: ANN401
        """Each element has its slope, and one number gives one number."""
        slope = calculus.derivative(cubic, x)
        assert np.shape(slope) == np.shape(x)
        np.testing.assert_allclose(slope, 3 * np.square(x), rtol=1e-9)
        assert isinstance(slope, float) == (np.ndim(x) == 0)

    def test_default_step(self) -> None:
        """The step is 1e-5 unless another one is asked for."""
        assert calculus.derivative(cubic, 2.0) == calculus.derivative(cubic, 2.0, 1e-5)


class TestGradient:
    """Central differences in several variables."""

    @pytest.mark.parametrize("x", [[2.0, 5.0], np.array([2, 5]), (2, 5)])
    def test_gradient(self, x: Any) -> None:  # noqa: ANN401 - any array_like
        """Points of whole numbers have the gradient that others have."""
        np.testing.assert_allclose(calculus.numerical_gradient(saddle, x), [-11, -6], rtol=1e-9)

    def test_partial_derivatives(self) -> None:
        """Coordinates are counted from 0; a partial derivative is a plain number."""
        partials = [calculus.partial_derivative(saddle, np.array([2, 5]), i) for i in (0, 1)]
        assert partials == pytest.approx([-11, -6], rel=1e-9)
        assert all(type(partial) is float for partial in partials)

    def test_coordinate_out_of_range(self) -> None:
        """There is no coordinate n among n."""
        with pytest.raises(IndexError):
            calculus.partial_derivative(saddle, [1.0, 2.0], 2)

    def test_step_is_used(self) -> None:
        """The error of a cubic is h^2 in each coordinate."""

        def f(x: Any) -> Any:  # noqa: ANN401 - a point
            return x[0] ** 3 + x[1] ** 3

        gradient = calculus.numerical_gradient(f, [1.0, 2.0], 0.1)
        np.testing.assert_allclose(gradient, [3.01, 12.01])

    def test_point_is_left_alone(self) -> None:
        """Not even f can change the caller's point."""
        x = np.array([1.0, 2.0])

        def spoil(point: Any) -> float:  # noqa: ANN401 - a point
            point[:] = 0
            return 1.0

        calculus.numerical_gradient(spoil, x)
        calculus.partial_derivative(spoil, x, 1)
        np.testing.assert_array_equal(x, [1, 2])


class TestTrapezoidalIntegration:
    """The composite trapezoidal rule."""

    @pytest.mark.parametrize("n", [2, 3, 50, 1000])
    @pytest.mark.parametrize(("a", "b"), [(0.5, 2.0), (2.0, 0.5), (-2, 1)])
    def test_agrees_with_numpy(self, n: int, a: float, b: float) -> None:
        """Between n sample points lie n - 1 trapezoids, in either direction."""
        x = np.linspace(a, b, n)
        expected = np.trapezoid(np.exp(x), x)
        found = calculus.trapezoidal_integration(np.exp, a, b, n)
        assert found == pytest.approx(expected, rel=1e-13)

    def test_error_is_the_textbooks(self) -> None:
        """For x^2 over [1, 3] the error is h^2 (b - a) / 12 f'' = h^2/3; 1000 points are used."""
        error = calculus.trapezoidal_integration(np.square, 1, 3) - 26 / 3
        assert error == pytest.approx((2 / 999) ** 2 / 3, rel=1e-6)

    def test_constant_function(self) -> None:
        """A function that gives one number for all points is integrated, too."""
        assert calculus.trapezoidal_integration(lambda _: 2.0, 1, 4) == pytest.approx(6)


class TestGradientDescent:
    """Descent with a fixed step."""

    def test_lessons_example(self) -> None:
        """From a plain 0.0, with the defaults, (x - 3)^2 leads to 3 (1 - 0.98^100) = 2.602."""
        found = calculus.gradient_descent(lambda x: (x - 3) ** 2, lambda x: 2 * (x - 3), 0.0)
        assert isinstance(found, float)
        assert found == pytest.approx(3 * (1 - 0.98**100), rel=1e-13)

    def test_arrays_of_whole_numbers(self) -> None:
        """Each coordinate of 1/2 x' H x shrinks by 1 - rate h in a step."""
        hessian, start = np.array([1.0, 10.0]), np.array([4, -8])
        found = calculus.gradient_descent(abs, lambda x: hessian * x, start, 0.05, 3)
        np.testing.assert_allclose(found, [4 * 0.95**3, -8 * 0.5**3], rtol=1e-14)
        np.testing.assert_array_equal(start, [4, -8])

    def test_answer_is_not_the_start_itself(self) -> None:
        """Without a step the answer is a copy: to change it does not change the start."""
        start = np.array([1.0, 2.0])
        found = calculus.gradient_descent(abs, np.positive, start, 0.1, 0)
        found += 1
        np.testing.assert_array_equal(start, [1, 2])

    def test_function_is_not_needed(self) -> None:
        """A fixed step follows the gradient alone."""

        def f(_: object) -> float:
            raise AssertionError("a fixed step looks at the gradient only")

        assert calculus.gradient_descent(f, np.positive, 1.0, 0.5, 2) == 0.25
