"""The templates of our pages: what is put into them is escaped, and what is missing is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2


@cache
def template(name: str) -> jinja2.Template:
    """Return a template of ours, compiled once for all pages that are made of it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["points"] = _points
    return environment.get_template(name)


def _points(points: float) -> str:
    return f"{round(points, 2):g}"
