"""An "Open in Colab" badge at the top of released notebooks."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import TraitError, Unicode, validate

CELL_ID = "open-in-colab"

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
_COLAB = "https://colab.research.google.com"


class ColabBadge(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader is untyped
    """Put the badge on top of a notebook that `nbgrader generate_assignment` releases.

    It belongs behind nbgrader's own preprocessors: the badge is none of the cells that the
    gradebook knows, so it can come and go while there are submissions.
    """

    repository = Unicode(
        "",
        help=(
            "The public GitHub repository, as 'owner/name', from which Colab opens the notebooks: "
            "its branch main holds the content of release/ and nothing else, thus "
            "<assignment>/<notebook>.ipynb. It must be a repository of its own: the course's "
            "holds solutions and hidden checks and must not be public. Empty: no badge."
        ),
    ).tag(config=True)

    @validate("repository")
    def _check_repository(self, proposal: dict[str, str]) -> str:
        repository = proposal["value"].strip()
        if repository and not _REPOSITORY.fullmatch(repository):
            raise TraitError(
                f"c.ColabBadge.repository is {repository!r}; it should be 'owner/name', the GitHub "
                "repository that holds the released notebooks alone, or '' for no badge."
            )
        return repository

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:  # noqa: ANN401 - nbconvert is untyped
        """Insert the badge, if a repository is set."""
        # nbgrader reads the course's configuration twice and then runs what it appends twice.
        if self.repository and not any(cell.get("id") == CELL_ID for cell in nb.cells):
            names = resources["nbgrader"]
            nb.cells.insert(0, _badge(self.repository, names["assignment"], names["notebook"]))
        return nb, resources


def _badge(repository: str, assignment: str, notebook: str) -> Any:  # noqa: ANN401 - nbformat is untyped
    path = quote(f"{assignment}/{notebook}.ipynb")
    return new_markdown_cell(  # type: ignore[no-untyped-call]
        f"[![Open in Colab]({_COLAB}/assets/colab-badge.svg)]"
        f"({_COLAB}/github/{repository}/blob/main/{path})",
        id=CELL_ID,
        metadata={"deletable": False, "editable": False},
    )
