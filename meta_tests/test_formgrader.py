"""The formgrader, in a real browser, shows our marks; its Autograde button reaches our grader."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from numgrade.batch import Options, grade
from numgrade.course import Course

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver.chrome.webdriver import WebDriver

PROJECT = Path(__file__).parents[1]
NOTEBOOK = Path("calculus", "calculus.ipynb")
SWITCHES = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1000",
)
PATIENCE = 60.0

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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = ["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--IdentityProvider.token="]
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", *settings]
    log = (root / "server.log").open("wb")
    with log, subprocess.Popen(command, cwd=root, env=jupyter_environment, stderr=log) as server:
        address = f"http://127.0.0.1:{port}/formgrader"
        try:
            wait_for(address, server, root / "server.log")
            yield address
        finally:
            server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=PATIENCE).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the Jupyter server does not answer:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def browser(memory: Path) -> Iterator[WebDriver]:
    """Start a headless Chromium with a profile of its own."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        pytest.fail("A browser is needed: `apt-get install chromium chromium-driver`.")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for switch in SWITCHES:
        options.add_argument(switch)
    options.add_argument(f"--user-data-dir={memory / 'browser'}")
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium's own does not work for root
    browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
    yield browser
    browser.quit()


def texts(browser: WebDriver, selector: str) -> list[str]:
    """Return the texts of all elements that match a CSS selector."""
    return [element.text for element in browser.find_elements(By.CSS_SELECTOR, selector)]


def rows(browser: WebDriver) -> dict[str, tuple[str, str]]:
    """Return status and score of each submission in the list, by student."""
    columns = (texts(browser, f"td.{name}") for name in ("student-id", "status", "score"))
    return {student: (status, score) for student, status, score in zip(*columns, strict=True)}


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
    WebDriverWait(browser, PATIENCE).until(lambda page: texts(page, "input.score"))
    found = browser.find_elements(By.CSS_SELECTOR, "input.score")
    assert [each.get_attribute("placeholder") for each in found] == ["0", "4", "4", "4", "3", "1"]
    captions = texts(browser, "table caption")
    assert captions[:2] == ["derivative: 0 of 4 points", "numerical_gradient: 4 of 4 points"]
    assert len(captions) == len(found)
