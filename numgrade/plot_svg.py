"""Plots as SVG: in the page's own colours, small, with a sentence that says what is to be seen."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup, escape

from numgrade.plots import AreaPlot, ConvergencePlot, DescentPlot, ErrorPlot

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numgrade.plots import Plot

_WIDTH, _HEIGHT = 480, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 466, 30, 272
_RINGS = 6
_DECADE_LABELS = 8
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def as_figure(plot: Plot, title: str) -> Markup:
    """Return a plot as a figure of HTML.

    Parameters
    ----------
    plot : ErrorPlot, AreaPlot, DescentPlot or ConvergencePlot
        What to draw; all its numbers are finite.
    title : str
        What it shows, from the author; escaped here.
    """
    if isinstance(plot, ErrorPlot):
        drawn, sentence = _errors(plot), _about_errors(plot)
    elif isinstance(plot, AreaPlot):
        drawn, sentence = _areas(plot), _about_areas(plot)
    elif isinstance(plot, DescentPlot):
        drawn, sentence = _descent(plot), _about_descent(plot)
    else:
        drawn, sentence = _convergence(plot), _about_convergence(plot)
    return Markup(  # noqa: S704 - numbers and texts of ours; what the author wrote is escaped
        f'<figure class="plot"><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(title)} {sentence}">{drawn}</svg>'
        f"<figcaption>{escape(title)} {sentence}</figcaption></figure>"
    )


class _Axes(msgspec.Struct, frozen=True):
    """The rectangle of data that is seen; on logarithmic axes, of its logarithms."""

    left: float
    right: float
    bottom: float
    top: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies in the picture; one beyond the edge lies on it."""
        across = min(max((x - self.left) / (self.right - self.left), 0.0), 1.0)
        up = min(max((y - self.bottom) / (self.top - self.bottom), 0.0), 1.0)
        return _LEFT + across * (_RIGHT - _LEFT), _BOTTOM - up * (_BOTTOM - _TOP)

    def path(self, points: Iterable[tuple[float, float]]) -> str:
        """Return the `d` of a line through points."""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (self.at(*p) for p in points))

    def frame(self, labels: tuple[Sequence[tuple[float, str]], ...], names: tuple[str, str]) -> str:
        """Return the frame, grid lines with their labels, and the names of the axes."""
        parts = []
        for x, label in labels[0]:
            at, _ = self.at(x, self.bottom)
            parts.append(f'<path class="grid" d="M{at:.1f} {_TOP}V{_BOTTOM}"/>')
            parts.append(f'<text class="mid" x="{at:.1f}" y="{_BOTTOM + 18}">{label}</text>')
        for y, label in labels[1]:
            _, at = self.at(self.left, y)
            parts.append(f'<path class="grid" d="M{_LEFT} {at:.1f}H{_RIGHT}"/>')
            parts.append(f'<text class="end" x="{_LEFT - 6}" y="{at + 4:.1f}">{label}</text>')
        parts.append(
            f'<rect class="axes" x="{_LEFT}" y="{_TOP}" width="{_RIGHT - _LEFT}" '
            f'height="{_BOTTOM - _TOP}"/>'
            f'<text class="mid" x="{(_LEFT + _RIGHT) / 2:.0f}" y="{_HEIGHT - 8}">{names[0]}</text>'
            f'<text x="4" y="16">{names[1]}</text>'
        )
        return "".join(parts)


def _errors(plot: ErrorPlot) -> str:
    steps = [math.log10(step) for step in plot.steps]
    left, right = math.floor(min(steps)), max(steps)
    return _two_errors(plot, steps, (left, right), _decades(left, right), "step h")


def _convergence(plot: ConvergencePlot) -> str:
    left, right = float(plot.iterations[0]), float(plot.iterations[-1])
    return _two_errors(plot, plot.iterations, (left, right), _ticks(left, right), "number of steps")


def _two_errors(
    plot: ErrorPlot | ConvergencePlot,
    abscissae: Sequence[float],
    bounds: tuple[float, float],
    labels: Sequence[tuple[float, str]],
    name: str,
) -> str:
    """Draw the student's and the reference's errors, on a logarithmic axis, over something."""
    yours, reference = (
        [(x, math.log10(error)) for x, error in zip(abscissae, errors, strict=True)]
        for errors in (plot.yours, plot.reference)
    )
    levels = [y for _, y in (*yours, *reference)]
    axes = _Axes(*bounds, math.floor(min(levels)), math.ceil(max(levels) + 0.1))
    return (
        axes.frame((labels, _decades(axes.bottom, axes.top)), (name, "error"))
        + _legend("your error", "the reference's")
        + f'<path class="theirs" d="{axes.path(reference)}"/>'
        + f'<path class="yours" d="{axes.path(yours)}"/>'
        + _dots(axes, yours)
    )


def _about_convergence(plot: ConvergencePlot) -> str:
    return (
        f"After {plot.iterations[-1]} steps your error is {plot.yours[-1]:.1g}, and the "
        f"reference's {plot.reference[-1]:.1g}."
    )


def _about_errors(plot: ErrorPlot) -> str:
    yours, reference = (round(order, 1) + 0.0 for order in plot.orders)  # 0.0, and never -0.0
    return (
        f"While h is large, your error shrinks with order {yours:.1f}, and the reference's with "
        f"order {reference:.1f}."
    )


def _areas(plot: AreaPlot) -> str:
    xs = [x for x, _ in (*plot.curve, *plot.nodes)]
    heights = [y for _, y in (*plot.curve, *plot.nodes)]
    bottom, top = min(0.0, *heights), max(0.0, *heights)
    axes = _Axes(min(xs), max(xs), bottom, top + 0.06 * (top - bottom or 1.0))
    panels = "".join(
        f'<path class="panel" d="{axes.path([(left[0], 0.0), left, right, (right[0], 0.0)])}Z"/>'
        for left, right in pairwise(plot.nodes)
    )
    labels = _ticks(axes.left, axes.right), _ticks(axes.bottom, axes.top)
    return (
        axes.frame(labels, ("x", "f(x)"))
        + _legend("your nodes", "f")
        + panels
        + f'<path class="theirs" d="{axes.path(plot.curve)}"/>'
        + _dots(axes, plot.nodes)
    )


def _about_areas(plot: AreaPlot) -> str:
    return (
        f"You evaluated f at {len(plot.nodes)} places; the trapezoids over them have the area "
        f"{plot.area:.4g}. Your function returned {plot.answer:.4g}, and the integral is "
        f"{plot.exact:.4g}."
    )


def _descent(plot: DescentPlot) -> str:
    seen = (*plot.reference, plot.minimum)
    low, high = (tuple(bound(x[i] for x in seen) for i in (0, 1)) for bound in (min, max))
    margins = [0.25 * (high[i] - low[i] or 1.0) for i in (0, 1)]
    axes = _Axes(
        low[0] - margins[0], high[0] + margins[0], low[1] - margins[1], high[1] + margins[1]
    )
    labels = _ticks(axes.left, axes.right), _ticks(axes.bottom, axes.top)
    return (
        axes.frame(labels, ("x₀", "x₁"))
        + _legend("your way", "the exact one")
        + _contours(plot, axes)
        + f'<path class="theirs" d="{axes.path(plot.reference)}"/>'
        + f'<path class="yours" d="{axes.path(plot.path)}"/>'
        + _dots(axes, plot.path)
    )


def _contours(plot: DescentPlot, axes: _Axes) -> str:
    """Return ellipses through points at even distances on the way from start to minimum."""
    start = plot.reference[0]
    offsets = [start[i] - plot.minimum[i] for i in (0, 1)]
    height = math.sqrt(sum(c * d * d for c, d in zip(plot.curvatures, offsets, strict=True)))
    centre = axes.at(*plot.minimum)
    units = (_RIGHT - _LEFT) / (axes.right - axes.left), (_BOTTOM - _TOP) / (axes.top - axes.bottom)
    radii = [height / math.sqrt(c) * u for c, u in zip(plot.curvatures, units, strict=True)]
    rings = "".join(
        f'<ellipse class="grid" cx="{centre[0]:.1f}" cy="{centre[1]:.1f}" '
        f'rx="{radii[0] * ring / _RINGS:.1f}" ry="{radii[1] * ring / _RINGS:.1f}"/>'
        for ring in range(1, _RINGS + 1)
    )
    # Nested, so that what lies outside of the frame is cut off without an id, which must be unique.
    box = f'x="{_LEFT}" y="{_TOP}" width="{_RIGHT - _LEFT}" height="{_BOTTOM - _TOP}"'
    view = f"{_LEFT} {_TOP} {_RIGHT - _LEFT} {_BOTTOM - _TOP}"
    return f'<svg {box} viewBox="{view}">{rings}</svg>'


def _about_descent(plot: DescentPlot) -> str:
    yours, exact = (math.dist(path[-1], plot.minimum) for path in (plot.path, plot.reference))
    return (
        f"You evaluated the gradient {len(plot.path) - 1} times and ended {yours:.2g} from the "
        f"minimum; the exact way has {len(plot.reference) - 1} steps and ends {exact:.2g} from it."
    )


def _dots(axes: _Axes, points: Iterable[tuple[float, float]]) -> str:
    """Return a dot a point: one path, of lines of no length with round ends."""
    places = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in (axes.at(*point) for point in points))
    return f'<path class="dots" d="{places}"/>'


def _legend(yours: str, theirs: str) -> str:
    left = 130
    return (
        f'<path class="yours" d="M{left} 12h24"/><path class="dots" d="M{left + 12} 12h0"/>'
        f'<text x="{left + 30}" y="16">{yours}</text>'
        f'<path class="theirs" d="M{left + 196} 12h24"/>'
        f'<text x="{left + 226}" y="16">{theirs}</text>'
    )


def _decades(low: float, high: float) -> list[tuple[float, str]]:
    """Return powers of ten between two logarithms, each with its label, and not too many."""
    first, last = math.ceil(low), math.floor(high)
    stride = 1 + (last - first) // _DECADE_LABELS
    return [(k, f"10{str(k).translate(_SUPERSCRIPTS)}") for k in range(first, last + 1, stride)]


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Return round numbers between two others, each with its label: steps of 1, 2 or 5."""
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * power for unit in (1, 2, 5, 10) if unit * power >= rough)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [(k * step, f"{k * step:.6g}") for k in range(first, last + 1)]
