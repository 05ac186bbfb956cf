"""The instructor's page in a real browser: it sorts, filters and explains, and asks nobody."""

from __future__ import annotations

import functools
import http.server
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from meta_tests.browsing import PATIENCE, texts
from meta_tests.records import ASSIGNMENT, HOSTILE, check, graded, large_class, small_class
from numgrade.report_page import Links, report_page
from numgrade.settings import LimitValues
from numgrade.survey import Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from selenium.webdriver.chrome.webdriver import WebDriver
    from selenium.webdriver.remote.webelement import WebElement

    from numgrade.results import SubmissionResult

pytest_plugins = ["meta_tests.browsing"]

SIZE = 1000
OPEN = 100
"""Students that are shown at first."""


def write_page(path: Path, results: Iterable[SubmissionResult]) -> str:
    """Write the page on some results; return its address. It links to pages beside it."""
    links = Links(lambda student: f"feedback/{len(student)}.html", lambda _: "notebook.ipynb")
    when = datetime(2026, 5, 17, tzinfo=UTC)
    text = report_page(ASSIGNMENT, Survey(results), LimitValues(), when, links)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def small(memory: Path) -> str:
    """Return the address of the page on a class with one submission of each kind."""
    folder = memory / "small"
    address = write_page(folder / "page.html", small_class())
    (folder / "feedback").mkdir()
    (folder / "feedback" / "7.html").write_text("<title>feedback of a-right</title>")
    return address


@pytest.fixture(scope="module")
def large(memory: Path) -> str:
    """Return the address of the page on a class of a thousand."""
    return write_page(memory / "large" / "page.html", large_class(SIZE))


@pytest.fixture
def page(browser: WebDriver, small: str) -> WebDriver:
    """Open the page on the small class."""
    browser.get(small)
    return browser


def one(page: WebDriver, selector: str) -> WebElement:
    """Return the element that a CSS selector names."""
    return page.find_element(By.CSS_SELECTOR, selector)


def head(page: WebDriver, name: str) -> WebElement:
    """Return the button in the head of a column."""
    (found,) = (
        each for each in page.find_elements(By.CSS_SELECTOR, "#matrix .sort") if each.text == name
    )
    return found


def shown(page: WebDriver) -> list[str]:
    """Return the students that are shown, from above."""
    script = """
        const rows = [...document.querySelectorAll("#matrix tbody tr:not(.more)")];
        return rows.filter((row) => !row.hidden).map((row) => row.cells[0].textContent.slice(1));
    """
    found: list[str] = page.execute_script(script)
    return found


def choose(page: WebDriver, field: str, text: str) -> None:
    """Choose an entry of a field by its text."""
    (entry,) = (
        each
        for each in page.find_elements(By.CSS_SELECTOR, f"#{field} option")
        if each.get_attribute("textContent") == text
    )
    entry.click()


def test_unscored_work_is_on_top(page: WebDriver) -> None:
    """As a heading, and in the table."""
    assert texts(page, "h2")[0] == "2 without a score"
    assert shown(page)[:3] == ["d-broken", "g-lost", "a-right"]


def test_each_check_of_each_student_has_a_sign(page: WebDriver) -> None:
    """Below the name of the check; a student without checks has empty cells."""
    script = """
        const rows = [...document.querySelectorAll("#matrix tbody tr")];
        return rows.map((row) => [...row.cells].map((cell) => cell.textContent));
    """
    rows = {cells[0][1:]: cells[4:6] for cells in page.execute_script(script)}
    assert rows == {
        "a-right": ["✓", "✓"],
        "b-wrong": ["✗", "!"],
        "c-slow": ["✓", "…"],
        "d-broken": ["✓", "?"],
        **{name: ["", ""] for name in ("e-none", "f-pdf", "g-lost")},
    }
    heads = [each.text for each in page.find_elements(By.CSS_SELECTOR, "#matrix .turned")]
    assert heads == ["value", "array"]


def test_heads_sort(page: WebDriver) -> None:
    """By number where there are numbers, no score below zero; a second press turns it round."""
    score = head(page, "Score")
    score.click()
    assert shown(page) == "d-broken g-lost b-wrong e-none f-pdf c-slow a-right".split()
    assert score.find_element(By.XPATH, "..").get_attribute("aria-sort") == "ascending"
    score.click()
    assert shown(page) == "a-right c-slow b-wrong e-none f-pdf d-broken g-lost".split()
    assert score.find_element(By.XPATH, "..").get_attribute("aria-sort") == "descending"
    head(page, "Student").click()
    assert shown(page) == sorted(shown(page))
    assert len(page.find_elements(By.CSS_SELECTOR, "[aria-sort]")) == 1
    head(page, "array").click()
    assert shown(page)[:4] == ["d-broken", "c-slow", "b-wrong", "a-right"]


def test_search_and_filters_hold_together(page: WebDriver) -> None:
    """A part of a name, a status, a lost check, a mistake; what is left is counted."""
    one(page, "#search").send_keys("-N")
    assert shown(page) == ["e-none"]
    one(page, "#reset").click()
    assert len(shown(page)) == len(small_class())
    choose(page, "lost", "array")
    assert shown(page) == ["d-broken", "b-wrong", "c-slow"]
    choose(page, "status", "graded")
    assert shown(page) == ["b-wrong", "c-slow"]
    assert one(page, "#shown").text == "2 of 7 students"
    choose(page, "made", "double: off by one")
    assert shown(page) == ["b-wrong"]
    head(page, "Score").click()
    assert shown(page) == ["b-wrong"]
    one(page, "#search").send_keys("nobody")
    assert shown(page) == []
    assert one(page, "#shown").text == "0 of 7 students"


def test_a_check_and_a_mistake_show_who_it_was(page: WebDriver) -> None:
    """The button beside them leads to the students."""
    one(page, "[aria-label='Show who lost array']").click()
    assert shown(page) == ["d-broken", "b-wrong", "c-slow"]
    one(page, "[aria-label='Show who made off by one in double']").click()
    assert shown(page) == ["b-wrong"]
    top = page.execute_script(
        "return document.getElementById('students').getBoundingClientRect().top"
    )
    assert -1 < top < page.get_window_size()["height"]


def test_details_tell_what_was_lost_and_why(page: WebDriver) -> None:
    """Below the student, with messages and warnings; they go along when the table is sorted."""
    button = one(page, "[aria-label='Details of b-wrong']")
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    (details,) = texts(page, ".more")
    again = "To grade again: numgrade grade mini --student b-wrong"
    for text in ("double, value. Value.", "got 3, not 4", "A cell was copied.", again):
        assert text in details
    head(page, "Score").click()
    above = one(page, ".more").find_element(By.XPATH, "preceding-sibling::tr[1]")
    assert "b-wrong" in above.text
    choose(page, "status", "missing")
    assert texts(page, ".more") == [""]
    one(page, "#reset").click()
    one(page, "[aria-label='Details of b-wrong']").click()
    assert not page.find_elements(By.CSS_SELECTOR, ".more")


def test_all_works_with_the_keyboard(page: WebDriver) -> None:
    """Heads, details and filters are buttons and fields: what has the focus shows it."""
    for name in ("Details of a-right", "Details of b-wrong"):
        button = one(page, f"[aria-label='{name}']")
        button.send_keys(" ")
        assert button.get_attribute("aria-expanded") == "true"
        style = page.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"
    head(page, "Score").send_keys("\n")
    assert shown(page)[:3] == ["d-broken", "g-lost", "b-wrong"]


def test_links_lead_to_a_students_pages(page: WebDriver) -> None:
    """Relative to the page, so that the course may be moved or sent."""
    link = page.find_element(By.LINK_TEXT, "a-right")
    notebook = one(page, "[aria-label='notebook of a-right']").get_attribute("href")
    assert str(notebook).startswith("file://")
    link.click()
    WebDriverWait(page, PATIENCE).until(lambda page: page.title == "feedback of a-right")


class Folder(http.server.SimpleHTTPRequestHandler):
    """A folder on loopback: of a page on a server, a browser says what it asked for."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Return the address of a folder for pages."""
    handler = functools.partial(Folder, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def requested(browser: WebDriver) -> list[str]:
    """Return the addresses that a page on a server has asked for, with or without success."""
    script = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    found: list[str] = browser.execute_script(script)
    return [address for address in found if not address.endswith("/favicon.ico")]


def complaints(browser: WebDriver) -> list[str]:
    """Return what the browser has complained of since this was asked last."""
    entries: list[dict[str, str]] = browser.get_log("browser")  # type: ignore[no-untyped-call] # Selenium
    said = [entry["message"] for entry in entries]
    return [message for message in said if "favicon.ico" not in message]


def test_no_request_leaves_the_page(browser: WebDriver, served: str, tmp_path: Path) -> None:
    """It opens from an e-mail or a stick, and tells nobody; neither policy nor script complains."""
    write_page(tmp_path / "page.html", small_class())
    complaints(browser)
    browser.get(f"{served}/page.html")
    one(browser, ".opener").click()
    head(browser, "Score").click()
    assert requested(browser) == []
    assert complaints(browser) == []


def test_requests_would_be_noticed(browser: WebDriver, served: str, tmp_path: Path) -> None:
    """A picture that does not exist is one, and a script against the policy a complaint."""
    write_page(tmp_path / "page.html", small_class()[:1])
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    (tmp_path / "page.html").write_text(text.replace("</main>", "<script>1</script></main>"))
    (tmp_path / "other.html").write_text("<img src='nowhere.png'>")
    browser.get(f"{served}/other.html")
    assert requested(browser) == [f"{served}/nowhere.png"]
    complaints(browser)
    browser.get(f"{served}/page.html")
    (complaint,) = complaints(browser)
    assert "Content Security Policy" in complaint


def test_nothing_hostile_runs(browser: WebDriver, tmp_path: Path) -> None:
    """Names, checks, messages, mistakes and warnings are shown as they are, in details, too."""
    lost = check("value", "failed", message=HOSTILE)
    result = graded(HOSTILE, {HOSTILE: [lost]}, {HOSTILE: HOSTILE}, warnings=(HOSTILE,))
    address = write_page(tmp_path / "page.html", [result])
    for text in (None, "Content-Security-Policy"):
        if text:  # the escaping alone suffices; the policy is a second wall
            file = tmp_path / "page.html"
            file.write_text(file.read_text(encoding="utf-8").replace(text, "X-Nothing"))
        browser.get(address)
        one(browser, ".opener").click()
        assert HOSTILE in str(one(browser, ".more").get_attribute("textContent"))
        time.sleep(0.3)  # in which what runs by itself has run
        assert browser.execute_script("return typeof owned") == "undefined"
        assert not browser.find_elements(By.TAG_NAME, "img")


def test_without_scripts_the_totals_are_there(browser: WebDriver, large: str) -> None:
    """All students in a plain table, and no field that would do nothing."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(large)
        rows = browser.find_elements(By.CSS_SELECTOR, "#matrix tbody tr")
        assert len(rows) == SIZE
        assert rows[0].is_displayed()
        assert rows[-1].is_displayed()
        assert not one(browser, "#tools").is_displayed()
        assert not [
            each for each in browser.find_elements(By.TAG_NAME, "button") if each.is_displayed()
        ]
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_class_of_a_thousand_is_shown_in_parts(browser: WebDriver, large: str) -> None:
    """The first hundred are laid out at once; sorting and filters are over all of them."""
    browser.get(large)
    assert len(shown(browser)) == OPEN
    assert one(browser, "#shown").text == "1,000 of 1,000 students; the first 100 are shown"
    one(browser, "#more").click()
    assert len(shown(browser)) == 2 * OPEN
    head(browser, "Student").click()
    head(browser, "Student").click()
    assert shown(browser)[0] == "student-0999"
    one(browser, "#search").send_keys("student-055")
    assert shown(browser) == [f"student-{number:04}" for number in range(559, 549, -1)]
    assert not one(browser, "#more").is_displayed()


def test_a_class_of_a_thousand_costs_little(browser: WebDriver, large: str) -> None:
    """What a browser has to build stays far below what takes seconds: it is counted, not timed."""
    browser.get(large)
    script = "return document.getElementsByTagName('*').length"
    elements: int = browser.execute_script(script)
    assert elements < 25_000
    cells: int = browser.execute_script("return document.querySelectorAll('#matrix td').length")
    checks = 30
    assert cells == SIZE * 5 + OPEN * checks


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_as_wide_as_the_screen(browser: WebDriver, small: str, width: int) -> None:
    """What is wider scrolls in its own place."""
    screen = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    try:
        browser.get(small)
        wide = "const root = document.documentElement; return [root.scrollWidth, root.clientWidth]"
        whole, screen_width = browser.execute_script(wide)
        assert whole == screen_width <= width
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
