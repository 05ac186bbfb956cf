"""axe-core finds nothing to complain of in the pages that people open."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from meta_tests.records import ASSIGNMENT, small_class
from numgrade.course import Course
from numgrade.feedback import feedback_page
from numgrade.plot_svg import as_figure
from numgrade.plots import AreaPlot, DescentPlot, ErrorPlot
from numgrade.report_page import Links, report_page
from numgrade.scaffold import new_assignment
from numgrade.settings import LimitValues
from numgrade.survey import Survey
from numgrade.verify import Effort, verify
from numgrade.verify_page import verification_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver.chrome.webdriver import WebDriver

pytest_plugins = ["meta_tests.browsing"]

AXE = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
_PAIR = ((1.0, 1.0), (2.0, 3.0))
FIGURES = [
    as_figure(plot, "What this is.")
    for plot in (
        ErrorPlot((0.1, 0.01, 0.001), (0.1, 0.01, 0.001), (1e-2, 1e-4, 1e-6)),
        AreaPlot(_PAIR, _PAIR, 2.0, 2.0),
        DescentPlot((0.0, 0.0), (1.0, 6.0), _PAIR, _PAIR),
    )
]
SCREENS = {"desktop": 1280, "phone": 390}


def found_on(browser: WebDriver, address: str, prepare: str = "") -> list[str]:
    """Open a page, run axe-core on it, past the page's own policy; return what it violates."""
    browser.get(address)
    browser.execute_script(prepare)
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE})
    script = """
        const done = arguments[0];
        axe.run(document).then(({ violations }) => done(violations.flatMap(({ id, nodes }) =>
            nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`))));
    """
    violations: list[str] = browser.execute_async_script(script)
    return violations


@pytest.fixture(params=SCREENS)
def screen(browser: WebDriver, request: pytest.FixtureRequest) -> Iterator[WebDriver]:
    """Return a browser on a screen."""
    width = SCREENS[request.param]
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    yield browser
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.fixture(params=["light", "dark"])
def viewer(screen: WebDriver, request: pytest.FixtureRequest) -> Iterator[WebDriver]:
    """Return a browser of somebody who likes it light, or dark."""
    wish = {"features": [{"name": "prefers-color-scheme", "value": request.param}]}
    screen.execute_cdp_cmd("Emulation.setEmulatedMedia", wish)
    yield screen
    screen.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@pytest.fixture(scope="module")
def verified(memory: Path) -> Path:
    """Return the page on a new assignment, in which something does not hold."""
    root = memory / "verified"
    new_assignment(root, "quadrature")
    (root / "tests/quadrature/fair-mutants.toml").write_text('"none: 1 -> 2" = "There is none."')
    report = verify(Course.load(root), "quadrature", Effort(seeds=3, workers=0))
    assert not report.holds
    page = root / "page.html"
    page.write_text(verification_page(report), encoding="utf-8")
    return page


def test_the_report_can_be_used_by_everybody(viewer: WebDriver, tmp_path: Path) -> None:
    """Contrast, names and roles, on any screen; with sorting, a search and details, too."""
    links = Links(lambda _: "feedback.html", lambda _: "notebook.ipynb")
    when = datetime(2026, 5, 17, tzinfo=UTC)
    text = report_page(ASSIGNMENT, Survey(small_class()), LimitValues(), when, links)
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    opens = "document.querySelectorAll('.opener, .sort, summary').forEach((each) => each.click())"
    for prepare in ("", opens):
        assert found_on(viewer, (tmp_path / "page.html").as_uri(), prepare) == []


def test_feedback_can_be_used_by_everybody(viewer: WebDriver, tmp_path: Path) -> None:
    """Whatever became of the submission."""
    for result in small_class():
        hints = {"off-by-one": "Look at the ends."}
        page = tmp_path / f"{result.student}.html"
        figures = {exercise.name: FIGURES for exercise in result.exercises}
        page.write_text(feedback_page(result, hints=hints, figures=figures), encoding="utf-8")
        assert found_on(viewer, page.as_uri()) == []
        width = "return document.documentElement.scrollWidth <= innerWidth"
        assert viewer.execute_script(width)


def test_the_page_of_verify_can_be_used_by_everybody(viewer: WebDriver, verified: Path) -> None:
    """Its pictures have words, its wide tables are reached with the keyboard."""
    assert found_on(viewer, verified.as_uri()) == []
    assert viewer.execute_script("return document.documentElement.scrollWidth <= innerWidth")


def test_a_page_that_not_everybody_can_use_is_noticed(browser: WebDriver, tmp_path: Path) -> None:
    """A picture without words and a pale text are."""
    page = tmp_path / "page.html"
    page.write_text(
        "<!DOCTYPE html><html lang='en'><title>t</title><main><h1>t</h1>"
        "<img src='x.png'><p style='color: #ccc; background: #fff'>pale</p></main></html>"
    )
    found = {violation.partition(":")[0] for violation in found_on(browser, page.as_uri())}
    assert found == {"image-alt", "color-contrast"}
