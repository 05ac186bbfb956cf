"""Nothing that a student wrote runs where people look: feedback and formgrader, in a browser."""

from __future__ import annotations

import http.server
import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from nbconvert import HTMLExporter
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from meta_tests.browsing import PATIENCE, serving, texts
from numgrade.batch import Options, grade
from numgrade.course import Course

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver.chrome.webdriver import WebDriver

pytest_plugins = ["meta_tests.browsing"]

PROJECT = Path(__file__).parents[1]
STUDENT = "mallory&lt;img src=x onerror=document.title=1&gt;'{{7*7}}"
SETTLES = 1.0
"""Seconds in which what runs by itself has run."""

HTML = {
    "script": "<script>new Image().src='{}/script'</script>",
    "onerror": "<img src=x onerror=\"new Image().src='{}/onerror'\">",
    "picture": "<img src='{}/picture'>",
    "svg": "<svg onload=\"new Image().src='{}/svg'\"></svg>",
    "frame": "<iframe srcdoc=\"<img src='{}/frame'>\"></iframe>",
    "style": "<div style=\"background: url('{}/style')\">a background</div>",
    "sheet": "<style>a.bait {{ background: url('{}/sheet') }}</style>",
    "details": "<details open ontoggle=\"new Image().src='{}/details'\">x</details>",
    "link": "<a class=bait href=\"javascript:void(new Image().src='{}/link')\">click me</a>",
    "button": "<button class=bait onclick=\"new Image().src='{}/button'\">click me</button>",
}
"""What would run or be fetched, by the name under which it would report; `{{}}` is our address."""

OTHERS = {
    "application/javascript": "new Image().src='{}/javascript'",
    "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'><image href='{}/vector'/></svg>",
    "text/markdown": "<img src='{}/markdown'> [click me](javascript:alert)",
    "text/latex": "$\\href{{javascript:new Image().src='{}/latex'}}{{click me}}$",
}


class Beacon(http.server.ThreadingHTTPServer):
    """A server on loopback that notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()
        asked = self.asked

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.add(self.path.strip("/"))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"


@pytest.fixture(scope="module")
def beacon() -> Iterator[Beacon]:
    """Listen to what calls home."""
    with Beacon() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def hostile_notebook(home: str) -> dict[str, Any]:
    """Return the released notebook with every payload in a text, in outputs, in an exception."""
    path = PROJECT / "release/calculus/calculus.ipynb"
    notebook: dict[str, Any] = json.loads(path.read_bytes())
    pieces = [html.format(home) for html in HTML.values()]
    bundle = {kind: text.format(home) for kind, text in OTHERS.items()}
    bundle["text/html"] = "".join(pieces)
    source = f"raise type('E', (Exception,), {{}})({''.join(pieces)!r})"
    shows = "\n".join(
        [
            "from IPython.display import display",
            f"display({bundle!r}, raw=True)",
            *(f"display({{{kind!r}: {text!r}}}, raw=True)" for kind, text in bundle.items()),
        ]
    )
    notebook["cells"][1:1] = [
        {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "\n\n".join(pieces)},
        code("<b>x", shows, [display(bundle), *(display({k: v}) for k, v in bundle.items())]),
        code("raises", source, []),
    ]
    return notebook


def display(data: dict[str, str]) -> dict[str, Any]:
    """Return an output."""
    return {"output_type": "display_data", "metadata": {}, "data": data}


def code(name: str, source: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a code cell."""
    shared = {"cell_type": "code", "id": name, "metadata": {}, "execution_count": 1}
    return {**shared, "source": source, "outputs": outputs}


@pytest.fixture(scope="module")
def course(copy_of_course: Callable[[str], Path], beacon: Beacon) -> Course:
    """Return a course in which the hostile notebook has been graded."""
    root = copy_of_course("scripts")
    folder = root / "submitted" / STUDENT / "calculus"
    folder.mkdir(parents=True)
    (folder / "calculus.ipynb").write_text(json.dumps(hostile_notebook(beacon.address)))
    (folder / "<img src=x onerror=document.title=2>.ipynb").write_text("{}")
    (result,) = grade(Course.load(root), "calculus", Options())
    assert result.status == "graded"
    return Course.load(root)


def reported(browser: WebDriver, beacon: Beacon, address: str) -> set[str]:
    """Open a page, click whatever a student may have put there, and return what called home."""
    beacon.asked.clear()
    browser.get(address)
    time.sleep(SETTLES)
    title = browser.title
    for bait in browser.find_elements(By.XPATH, "//*[contains(text(), 'click me')]"):
        try:
            browser.execute_script("arguments[0].click()", bait)
        except WebDriverException:
            continue  # the page itself may have gone
    time.sleep(SETTLES)
    titles = {title, browser.title} & {"1", "2"}
    return beacon.asked | {f"title {text}" for text in titles}


def test_the_payloads_do_run_where_nobody_cleans(
    browser: WebDriver, beacon: Beacon, tmp_path: Path
) -> None:
    """The same notebook, through nbconvert alone, runs scripts and handlers and calls home."""
    notebook = tmp_path / "hostile.ipynb"
    notebook.write_text(json.dumps(hostile_notebook(beacon.address)).replace('"<b>x"', '"x"'))
    page, _ = HTMLExporter().from_filename(str(notebook))  # type: ignore[no-untyped-call]
    (tmp_path / "page.html").write_text(page)
    called = reported(browser, beacon, (tmp_path / "page.html").as_uri())
    assert called >= {*HTML, "javascript", "markdown"} - {"frame"}


def test_nothing_runs_in_feedback(browser: WebDriver, beacon: Beacon, course: Course) -> None:
    """The page shows the student's cells, and neither runs nor fetches anything."""
    page = course.feedback(STUDENT, "calculus") / "calculus.html"
    assert reported(browser, beacon, page.as_uri()) == set()
    assert "click me" in page.read_text()


def test_nothing_runs_in_the_formgrader(
    browser: WebDriver,
    beacon: Beacon,
    course: Course,
    jupyter_environment: dict[str, str],
) -> None:
    """Neither in its lists, which show the student's id, nor in the page where one gives marks."""
    with serving(course.root, jupyter_environment) as address:
        for page in ("manage_submissions/calculus", "manage_students", "gradebook/calculus"):
            assert reported(browser, beacon, f"{address}/{page}") == set()
        browser.get(f"{address}/gradebook/calculus/calculus")
        WebDriverWait(browser, PATIENCE).until(lambda page: texts(page, "td.name a"))
        link = browser.find_element(By.CSS_SELECTOR, "td.name a").get_attribute("href")
        assert link is not None
        assert reported(browser, beacon, link) == set()
        assert texts(browser, "table caption")
        assert "click me" in browser.page_source
