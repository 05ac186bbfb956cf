"""The page about an assignment's checks: what holds, and where right and wrong solutions fall."""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.figure import Figure

from numgrade.margins import WANTED, factor, words
from numgrade.templating import template
from numgrade.trials import measuring_seeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from numgrade.margins import Margin
    from numgrade.verify import Report

# A picture is drawn once for light and dark: each of its colours stands for one of the page's.
_COLOURS = {
    "#010203": "currentColor",
    "#010204": "var(--good)",
    "#010205": "var(--bad)",
    "#010206": "var(--line)",
    "#010207": "var(--accent)",
}
_TEXT, _RIGHT, _WRONG, _BAND, _LIMIT = _COLOURS
_LEAST, _MOST = 1e-8, 1e8
"""Errors beyond are drawn at the edge."""


def verification_page(report: Report) -> str:
    """Return what was found out about an assignment's checks as a self-contained HTML page."""
    by_exercise = [
        (exercise, list(margins))
        for exercise, margins in groupby(report.margins, key=lambda margin: margin.exercise)
    ]
    return template("verify.html.j2").render(
        report=report,
        measuring=measuring_seeds(report.seeds),
        exercises=[
            {
                "title": exercise.replace("_", " "),
                "rows": [_row(report, margin) for margin in margins],
                "picture": _picture(exercise, [one for one in margins if one.is_numeric]),
            }
            for exercise, margins in by_exercise
        ],
        wanted=f"{WANTED:g}",
    )


def _row(report: Report, margin: Margin) -> dict[str, Any]:
    evaluations, hungriest = report.evaluations.get((margin.exercise, margin.check), (0, ""))
    return {
        "check": words(margin.check),
        "is_numeric": margin.is_numeric,
        "below": factor(margin.below),
        "right": margin.right.name,
        "above": factor(margin.above),
        "wrong": margin.wrong.name,
        "caught": len(margin.caught),
        "evaluations": evaluations,
        "hungriest": hungriest,
        "tone": "good" if min(margin.below, margin.above) >= WANTED else "bad",
    }


def _picture(exercise: str, margins: Sequence[Margin]) -> Markup | None:
    """Draw a row a check: the errors of right solutions and of mistakes, and what is allowed."""
    if not margins:
        return None
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": exercise, "font.size": 10}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(9, 1.1 + 0.34 * len(margins)), layout="constrained")
        axes = figure.add_subplot()
        _draw(axes, margins)
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    text = file.getvalue()
    svg = text[text.index("<svg") :]
    for stand_in, colour in _COLOURS.items():
        svg = svg.replace(stand_in, colour)
    return Markup(svg)  # noqa: S704 - matplotlib has escaped the names of checks


def _draw(axes: Axes, margins: Sequence[Margin]) -> None:
    rows = range(len(margins), 0, -1)
    axes.axvspan(1 / WANTED, WANTED, color=_BAND, zorder=0)
    axes.axvline(1, color=_LIMIT, zorder=1)
    for row, margin in zip(rows, margins, strict=True):
        for errors, colour, marker in (
            (margin.rights, _RIGHT, "o"),
            (margin.wrongs, _WRONG, "x"),
        ):
            places = [min(max(error, _LEAST), _MOST) for _, error in errors]
            axes.plot(places, [row] * len(places), marker, color=colour, markersize=5, zorder=2)
    axes.set_xscale("log")
    axes.set_xlim(_LEAST / 3, _MOST * 3)
    axes.set_ylim(0.4, len(margins) + 0.6)
    axes.set_yticks(rows, [words(margin.check) for margin in margins])
    axes.set_xlabel("error, in units of what is allowed", color=_TEXT)
    axes.tick_params(colors=_TEXT, which="both")
    for spine in axes.spines.values():
        spine.set_color(_TEXT)
