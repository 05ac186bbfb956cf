"""A distribution of scores, drawn as SVG: in the page's own colours, and small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

BINS = 20
_WIDTH, _HEIGHT, _BAR = 640, 190, 30
_LEFT, _TOP, _BOTTOM = 20, 22, 150
_LABELLED = 5
"""Every fifth edge has its number below it."""


def binned(scores: Sequence[float], max_score: float) -> list[int]:
    """Return how many scores lie in each twentieth of the points; the last has its upper end."""
    counts = [0] * BINS
    for score in scores:
        share = min(max(score / max_score, 0.0), 1.0) if max_score else 0.0
        counts[min(int(share * BINS), BINS - 1)] += 1
    return counts


def histogram(counts: Sequence[int], max_score: float) -> Markup:
    """Return the SVG of a histogram: a bar a bin, its count above it, the points below."""
    scale = (_BOTTOM - _TOP) / max([*counts, 1])
    parts = [
        f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH - _LEFT}" y1="{_BOTTOM}" y2="{_BOTTOM}"/>'
    ]
    for place, count in enumerate(counts):
        left, height = _LEFT + place * _BAR, count * scale
        if count:
            parts.append(
                f'<rect x="{left + 2}" y="{_BOTTOM - height:.1f}" width="{_BAR - 4}"'
                f' height="{height:.1f}" rx="2"/>'
                f'<text x="{left + _BAR / 2:g}" y="{_BOTTOM - height - 5:.1f}">{count}</text>'
            )
    for edge in range(0, BINS + 1, _LABELLED):
        x, points = _LEFT + edge * _BAR, max_score * edge / BINS
        parts.append(f'<text class="edge" x="{x}" y="{_BOTTOM + 18}">{points:g}</text>')
    middle = f'<text class="edge" x="{_WIDTH / 2:g}" y="{_HEIGHT - 4}">points</text>'
    return Markup(  # noqa: S704 - numbers, and texts of ours
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">{"".join(parts)}{middle}</svg>'
    )
