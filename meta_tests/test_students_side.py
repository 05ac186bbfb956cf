"""What students do with a release: run it in Jupyter, validate it, save it with other programs."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from meta_tests.browsing import PATIENCE, serving
from meta_tests.spine import assignment_in, grade_here

if TYPE_CHECKING:
    from collections.abc import Callable

    from selenium.webdriver.chrome.webdriver import WebDriver

    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine", "meta_tests.browsing"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

PROJECT = Path(__file__).parents[1]
ASSIGNMENTS = {"calculus": (20, 5), "rootfinding": (12, 3)}
"""Points, and exercises with public examples."""

FRONTENDS = {
    "jupyterlab": ("LabApp", "lab/tree"),
    "notebook": ("JupyterNotebookApp", "notebooks"),
}
FIND = """
const panel = [...(window.jupyterapp?.shell.widgets('main') ?? [])].find(
  (each) => each.sessionContext && each.context.path === arguments[0]);
"""
RUN_AND_SAVE = f"""{FIND}
const done = arguments[arguments.length - 1];
(async () => {{
  jupyterapp.shell.activateById(panel.id);
  await panel.context.ready;
  await panel.sessionContext.ready;
  await jupyterapp.commands.execute('notebook:run-all-cells');
  const cells = panel.content.model.cells;
  const waits = () => [...cells].some((cell) => cell.type === 'code' && !cell.executionCount);
  while (waits()) await new Promise((again) => setTimeout(again, 100));
  await panel.context.save();
  return '';
}})().then(done, (error) => done(String(error)));
"""


def is_open(browser: WebDriver, file: str) -> bool:
    """Tell whether a notebook is there, with a session."""
    return bool(browser.execute_script(f"{FIND} return Boolean(panel)", file))


def solved(name: str) -> dict[str, Any]:
    """Return the release of an assignment with the instructor's solutions."""
    source = json.loads((PROJECT / "source" / name / f"{name}.ipynb").read_bytes())
    released = json.loads((PROJECT / "release" / name / f"{name}.ipynb").read_bytes())
    solutions = {cell["id"]: cell["source"] for cell in source["cells"]}
    for cell in released["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = [line for line in solutions[cell["id"]] if "### " not in line]
    notebook: dict[str, Any] = released
    return notebook


@pytest.mark.parametrize("frontend", FRONTENDS)
def test_it_runs_from_top_to_bottom(
    frontend: str, tmp_path: Path, browser: WebDriver, jupyter_environment: dict[str, str]
) -> None:
    """With Run All in a browser every cell of a solved notebook runs, and none ends in an error."""
    for name in ASSIGNMENTS:
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(solved(name)))
    browser.set_script_timeout(PATIENCE)
    application, page = FRONTENDS[frontend]
    exposed = f"--{application}.expose_app_in_browser=True"
    with serving(tmp_path, jupyter_environment, exposed, program=frontend, page=page) as address:
        for name, (_, exercises) in ASSIGNMENTS.items():
            browser.get(f"{address}/{name}.ipynb")
            WebDriverWait(browser, PATIENCE).until(partial(is_open, file=f"{name}.ipynb"))
            assert browser.execute_async_script(RUN_AND_SAVE, f"{name}.ipynb") == ""
            cells = json.loads((tmp_path / f"{name}.ipynb").read_bytes())["cells"]
            code = [cell for cell in cells if cell["cell_type"] == "code"]
            outputs = [output for cell in code for output in cell["outputs"]]
            assert all(cell["execution_count"] for cell in code)
            assert not [each for each in outputs if each["output_type"] == "error"]
            printed = "".join("".join(each.get("text", "")) for each in outputs)
            assert printed.count("The hidden checks decide the mark.") == exercises
            assert sum("image/png" in each.get("data", {}) for each in outputs) >= 3


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_nbgrader_validates_it(
    name: str, tmp_path: Path, jupyter_environment: dict[str, str]
) -> None:
    """A solved notebook passes; the release as it is fails, and is not changed."""
    (tmp_path / "solved.ipynb").write_text(json.dumps(solved(name)))
    untouched = (PROJECT / "release" / name / f"{name}.ipynb").read_bytes()
    (tmp_path / "untouched.ipynb").write_bytes(untouched)

    def validate(file: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "nbgrader", "validate", file],
            cwd=tmp_path,
            env=jupyter_environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    assert "Success! Your notebook passes all the tests." in validate("solved.ipynb")
    assert "VALIDATION FAILED ON" in validate("untouched.ipynb")
    assert (tmp_path / "untouched.ipynb").read_bytes() == untouched


def saved_by_colab(notebook: dict[str, Any]) -> None:
    """Do to a notebook what Colab does: ids become metadata, its own metadata come in."""
    notebook["nbformat_minor"] = 0
    notebook["metadata"] = {
        "colab": {"provenance": [], "include_colab_link": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook["cells"]:
        own = {"id": cell.pop("id"), "colab": {"base_uri": "https://localhost:8080/"}}
        cell["metadata"] = own if cell["cell_type"] == "code" else {"id": own["id"]}
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


def saved_by_vs_code(notebook: dict[str, Any]) -> None:
    """Do to a notebook what an editor does that drops ids and what it does not know."""
    notebook["nbformat_minor"] = 2
    notebook["metadata"] = {"language_info": {"name": "python", "version": "3.12.1"}}
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"] = {"vscode": {"languageId": "python"}}


@pytest.mark.parametrize("name", ASSIGNMENTS)
@pytest.mark.parametrize("save", [saved_by_colab, saved_by_vs_code])
def test_what_others_have_saved_is_graded(
    name: str, save: Callable[[dict[str, Any]], None], sandbox: Sandbox
) -> None:
    """Without nbgrader's metadata it has full marks, and its student reads what was repaired."""
    notebook = solved(name)
    save(notebook)
    (graded,) = grade_here(
        assignment_in(PROJECT, name), sandbox, {"ada": json.dumps(notebook).encode()}
    ).values()
    assert graded.result.score == ASSIGNMENTS[name][0]
    assert graded.result.warnings
    assert "Notes on your notebook" in (graded.feedback or "")
