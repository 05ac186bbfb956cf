"""The formgrader, in a real browser, shows our marks; its Autograde button reaches our grader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from meta_tests.browsing import PATIENCE, serving, texts
from numgrade.batch import Options, grade
from numgrade.course import Course

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver.chrome.webdriver import WebDriver

PROJECT = Path(__file__).parents[1]
NOTEBOOK = Path("calculus", "calculus.ipynb")
pytest_plugins = ["meta_tests.browsing"]

pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]


def hand_in(root: Path, student: str, *unsolved: str) -> None:
    """Hand in the instructor's solutions, with the stubs of some cells left as released."""
    notebook = json.loads((PROJECT / "source" / NOTEBOOK).read_bytes())
    released = json.loads((PROJECT / "release" / NOTEBOOK).read_bytes())
    stubs = {cell["id"]: cell["source"] for cell in released["cells"]}
    for cell in notebook["cells"]:
        if cell["id"] in unsolved:
            cell["source"] = stubs[cell["id"]]
    path = root / "submitted" / student / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook))
    path.with_name("timestamp.txt").write_text("2025-03-01 12:00:00 UTC")


@pytest.fixture(scope="module")
def formgrader(
    copy_of_course: Callable[[str], Path], jupyter_environment: dict[str, str]
) -> Iterator[str]:
    """Start a server on a course of which all but the last submission are graded."""
    root = copy_of_course("formgrader")
    hand_in(root, "ada")
    hand_in(root, "bob", "derivative-solution")
    grade(Course.load(root), "calculus", Options())
    hand_in(root, "eve")
    with serving(root, jupyter_environment) as address:
        yield address


def rows(browser: WebDriver) -> dict[str, tuple[str, str]]:
    """Return status and score of each submission in the list, by student.

    All are read at one moment: the page fills its rows one after another.
    """
    found = browser.execute_script("""
        const text = (row, name) => row.querySelector(`td.${name}`)?.innerText.trim() ?? "";
        return [...document.querySelectorAll("tr")]
            .filter((row) => row.querySelector("td.student-id"))
            .map((row) => ["student-id", "status", "score"].map((name) => text(row, name)));
    """)
    return {student: (status, score) for student, status, score in found}


def test_formgrader_lists_our_marks(formgrader: str, browser: WebDriver) -> None:
    """The list of submissions shows who is graded and what each of them has."""
    browser.get(f"{formgrader}/manage_submissions/calculus")
    WebDriverWait(browser, PATIENCE).until(lambda page: len(rows(page)) == 3)
    assert rows(browser) == {
        "ada": ("graded", "20 / 20"),
        "bob": ("graded", "16 / 20"),
        "eve": ("needs autograding", ""),
    }


def test_autograde_button_reaches_our_grader(formgrader: str, browser: WebDriver) -> None:
    """Pressing the button grades the submission by our engine and shows its mark."""
    browser.get(f"{formgrader}/manage_submissions/calculus")
    WebDriverWait(browser, PATIENCE).until(lambda page: len(rows(page)) == 3)
    browser.find_elements(By.CSS_SELECTOR, "td.autograde a")[-1].click()
    graded = ("graded", "20 / 20")
    WebDriverWait(browser, PATIENCE).until(lambda page: rows(page).get("eve") == graded)


def test_submission_shows_verdicts_and_scores(formgrader: str, browser: WebDriver) -> None:
    """A submission opens with the score of each exercise and the verdict on each check."""
    browser.get(f"{formgrader}/manage_students/bob/calculus")
    WebDriverWait(browser, PATIENCE).until(lambda page: texts(page, "td.name a"))
    browser.find_element(By.CSS_SELECTOR, "td.name a").click()
    # The inputs are there first; formgrader fills in the scores when its server has answered.
    scores = ["0", "4", "4", "4", "3", "1"]
    WebDriverWait(browser, PATIENCE).until(lambda page: placeholders(page) == scores)
    captions = texts(browser, "table caption")
    assert captions[:2] == ["derivative: 0 of 4 points", "numerical_gradient: 4 of 4 points"]
    assert len(captions) == len(scores)


def placeholders(page: WebDriver) -> list[str | None]:
    """Return what the inputs of scores show before anybody has typed."""
    found = page.find_elements(By.CSS_SELECTOR, "input.score")
    return [each.get_attribute("placeholder") for each in found]
