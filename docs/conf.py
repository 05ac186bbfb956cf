"""Sphinx: the documentation as pages and as a manual page, made from the Markdown beside it."""

import re

from numgrade import __version__

project = "numgrade"
author = "the authors of numgrade"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinxarg.ext"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 3
napoleon_google_docstring = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say what arguments are

html_theme = "furo"
html_title = f"numgrade {version}"
html_copy_source = False
html_show_copyright = False

man_pages = [("command-line", "numgrade", "grade notebooks of numerical courses", author, 1)]

# Pages link to files of the repository, which has no pages of its own here.
_TO_A_FILE = re.compile(r"\[([^\]]*)\]\(\.\./[^)]*\)")


def setup(app):
    """Put right what is written for readers of the repository, and not for Sphinx."""
    app.connect("source-read", _unlink)
    app.connect("autodoc-process-docstring", _plain)


def _unlink(_app, _name, source):
    """Have links that lead out of the documentation read as plain text."""
    source[0] = _TO_A_FILE.sub(r"\1", source[0])


def _plain(_app, what, _name, _object, _options, lines):
    """Have a module's references named by its functions, and |x| be an absolute value."""
    for place, line in enumerate(lines):
        named = re.sub(r"\[(\d)\]_", r"[\1]", re.sub(r"^\.\. \[(\d)\]", r"[\1]", line))
        named = named.lstrip() if what == "module" else named  # a reference's second line
        lines[place] = named.replace("|", "\\|")
