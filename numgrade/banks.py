"""The banks of an assignment: right solutions in other ways, and known mistakes with hints."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec

from numgrade.errors import CourseError


class Solution(msgspec.Struct, frozen=True):
    """A member of a bank.

    Attributes
    ----------
    exercise : str
        The exercise that it solves, rightly or wrongly.
    name : str
        The file's name without .py; a mistake's is what a diagnosis says.
    is_right : bool
        Whether it is a variant rather than a mistake.
    hint : str
        Its docstring; a mistake's is what the student reads.
    source : str
        The code as a student would write it, without the docstring.
    path : pathlib.Path
        Where it comes from.
    """

    exercise: str
    name: str
    is_right: bool
    hint: str
    source: str
    path: Path


def read_banks(checks: Path) -> list[Solution]:
    """Read the banks beside the checks of an assignment.

    Parameters
    ----------
    checks : pathlib.Path
        The folder tests/<assignment>, which holds variants/ and mistakes/.

    Returns
    -------
    list of Solution
        By exercise and name; empty if the assignment has no banks.

    Raises
    ------
    CourseError
        If a file is not Python or has no docstring.
    """
    return [
        _read(path, is_right=folder == "variants")
        for folder in ("variants", "mistakes")
        for path in sorted((checks / folder).glob("*/*.py"))
    ]


def _read(path: Path, *, is_right: bool) -> Solution:
    text = path.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise CourseError(f"{path}:{error.lineno}: {error.msg}") from error
    hint = ast.get_docstring(tree)
    if not hint:
        raise CourseError(f"{path}: a docstring is missing: it is the hint that a student reads")
    after = tree.body[0].end_lineno or 0
    source = "\n".join(text.splitlines()[after:]).strip() + "\n"
    return Solution(path.parent.name, path.stem, is_right, _unwrapped(hint), source, path)


def _unwrapped(text: str) -> str:
    """Return a text whose lines were broken for the file's sake: a page breaks them elsewhere."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
