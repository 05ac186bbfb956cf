"""The attacks: how a file of the corpus becomes the notebook of a student.

A file, `<family>/<name>.py`, says in its docstring what it attempts and what must be observed. Its
cells begin with `# %%`, as in Jupytext's percent format: `# %% derivative` is the solution cell of
that exercise, `# %%` a cell of the student's own, `# %% [markdown]` a text. What stands before the
first cell is for us, not for the notebook:

LEVELS
    The protection levels that promise to withstand the attack; "AB" by default.
SPARES
    False where the attacker spoils their honest exercises too; these are to keep their marks else.
STUDENT
    Goes into the attacker's student id.
change(notebook, target)
    Changes the notebook, or returns what to hand in instead of it.
hand_in(folder, target)
    Does something to the folder in submitted/ after the notebook was put there.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

CORPUS = Path(__file__).parent

HONEST = {
    "partial_derivative": """\
def partial_derivative(f, x, i, h=1e-5):
    step = np.zeros(len(x))
    step[i] = h
    return (f(x + step) - f(x - step)) / (2 * h)
""",
    "quiz": 'quiz_answer = "b"\n',
}
"""What attackers solve honestly, unless it is what they attack. Everything else is as released."""

_CELL = re.compile(r"^# %%(.*)\n", re.MULTILINE)
_MARKDOWN = "[markdown]"


class Cell(msgspec.Struct, frozen=True):
    """A cell of an attack; `exercise` is None for a cell of the student's own."""

    source: str
    exercise: str | None = None
    is_markdown: bool = False


class Attack(msgspec.Struct, frozen=True):
    """One attack of the corpus."""

    family: str
    name: str
    purpose: str
    cells: tuple[Cell, ...]
    levels: str = "AB"
    spares: bool = True
    student: str = ""
    change: Callable[[dict[str, Any], Mapping[str, Any]], Any] | None = None
    hand_in: Callable[[Path, Mapping[str, Any]], None] | None = None

    @property
    def path(self) -> str:
        """The name of the attack, with its family."""
        return f"{self.family}/{self.name}"

    @property
    def honest(self) -> frozenset[str]:
        """The exercises that the attacker solves honestly."""
        return frozenset(HONEST) - {cell.exercise for cell in self.cells}

    def notebook(self, release: bytes, target: Mapping[str, Any]) -> bytes:
        """Return what is handed in.

        Parameters
        ----------
        release : bytes
            The released notebook.
        target : mapping
            What there is to attack, by name; see `toolbox`.
        """
        notebook: dict[str, Any] = json.loads(release)
        solutions = {
            cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]
        }
        for exercise in self.honest:
            solutions[f"{exercise}_solution"]["source"] = HONEST[exercise]
        place = 2  # behind the introduction and the cell that imports NumPy
        for cell in (*_equipment(target), *self.cells):
            if cell.exercise is not None:
                solution = solutions[f"{cell.exercise}_solution"]
                solution["source"] = cell.source
                place = notebook["cells"].index(solution) + 1
            else:
                notebook["cells"].insert(place, _own_cell(cell, f"attack-{place}"))
                place += 1
        changed = self.change(notebook, target) if self.change else None
        if isinstance(changed, bytes):
            return changed
        return json.dumps(notebook if changed is None else changed).encode()


def read_corpus(folder: Path = CORPUS) -> list[Attack]:
    """Return all attacks of a corpus, by family and name.

    Raises
    ------
    ValueError
        If an attack does not say what must be observed.
    """
    return [_read(path) for path in sorted(folder.glob("*/*.py"))]


def _read(path: Path) -> Attack:
    head, *parts = _CELL.split(path.read_text(encoding="utf-8"))
    ours: dict[str, Any] = {}
    exec(compile(head, path, "exec"), ours)  # noqa: S102 - a file of this repository
    purpose = ours.get("__doc__")
    if not purpose or "Must be observed: " not in purpose:
        raise ValueError(f"{path}: the docstring does not say what must be observed")
    return Attack(
        family=path.parent.name,
        name=path.stem,
        purpose=purpose,
        cells=tuple(map(_cell, parts[::2], parts[1::2])),
        levels=ours.get("LEVELS", "AB"),
        spares=ours.get("SPARES", True),
        student=ours.get("STUDENT", ""),
        change=ours.get("change"),
        hand_in=ours.get("hand_in"),
    )


def _cell(title: str, source: str) -> Cell:
    kind = title.strip()
    if kind == _MARKDOWN:
        return Cell(ast.literal_eval(source.strip()), is_markdown=True)
    return Cell(source.strip() + "\n", exercise=kind or None)


def _equipment(target: Mapping[str, Any]) -> tuple[Cell, Cell]:
    names = f"import types\n\ntarget = types.SimpleNamespace(**{dict(target)!r})\n"
    return Cell(names), Cell((CORPUS / "toolbox.py").read_text(encoding="utf-8"))


def _own_cell(cell: Cell, name: str) -> dict[str, Any]:
    if cell.is_markdown:
        return {"cell_type": "markdown", "id": name, "metadata": {}, "source": cell.source}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": cell.source,
    }
