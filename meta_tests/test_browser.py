"""Nothing that a student wrote runs, or is fetched, where people look at it: in a real browser.

Every payload reports itself in two ways: to a server of this test on loopback, and in a variable
of the page, since a page's own policy may keep it from calling anybody.
"""

from __future__ import annotations

import http.server
import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from nbconvert import HTMLExporter
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from meta_tests.browsing import PATIENCE, serving, texts
from numgrade.batch import Options, grade
from numgrade.course import Course

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selenium.webdriver.chrome.webdriver import WebDriver

pytest_plugins = ["meta_tests.browsing"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

PROJECT = Path(__file__).parents[1]
RELEASE = PROJECT / "release" / "calculus" / "calculus.ipynb"
WIDGETS = "application/vnd.jupyter.widget-state+json"
STUDENT = "mallory&lt;img src=x onerror=owned=1&gt;'-alert(1)-'{{7*7}}${7*7}"
BAIT = "click me"
SETTLES = 1.0
"""Seconds in which what runs by itself has run."""

_SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
HTML = {
    "script": "<script>RUN</script>",
    "module": "<script type=module>RUN</script>",
    "source": "<script src='URL'></script>",
    "onerror": '<img src=x onerror="RUN">',
    "slashes": '<img/src="x"/onerror="RUN">',
    "picture": "<img src='URL'>",
    "srcset": "<img srcset='URL 1x'>",
    "svg": '<svg onload="RUN"></svg>',
    "svg-script": "<svg><script>RUN</script></svg>",
    "svg-animate": '<svg><animate onbegin="RUN" attributeName=x dur=1s></animate></svg>',
    "svg-image": "<svg><image href='URL'></image></svg>",
    "svg-link": f'<svg {_SVG}><a xlink:href="javascript:RUN"><text y="20">{BAIT}</text></a></svg>',
    "srcdoc": '<iframe srcdoc="<script>RUN</script>"></iframe>',
    "frame": "<iframe src='URL'></iframe>",
    "frame-script": '<iframe src="javascript:RUN"></iframe>',
    "object": "<object data='URL'></object>",
    "embed": "<embed src='URL'>",
    "video": '<video src=x onerror="RUN"></video>',
    "poster": "<video poster='URL'></video>",
    "style": "<div style=\"background: url('URL')\">a background</div>",
    "sheet": "<style>p { background: url('URL') }</style><p>p</p>",
    "import": "<style>@import 'URL';</style>",
    "linked-sheet": "<link rel=stylesheet href='URL'>",
    "refresh": '<meta http-equiv=refresh content="0; url=URL">',
    "details": '<details open ontoggle="RUN">x</details>',
    "link": f'<a href="javascript:RUN">{BAIT}</a>',
    "link-entity": f'<a href="&#106;avascript&colon;RUN">{BAIT}</a>',
    "link-tab": f'<a href="java\tscript:RUN">{BAIT}</a>',
    "ping": f'<a href="#" ping="URL">{BAIT}</a>',
    "button": f'<button onclick="RUN">{BAIT}</button>',
    "form": f'<form action="javascript:RUN"><button>{BAIT}</button></form>',
    "hover": f'<b onmouseover="RUN" onclick="RUN">{BAIT}</b>',
}
"""What would run or be fetched, by its name."""

MARKDOWN = {
    "md-link": f"[{BAIT}](javascript:QUOTED)",
    "md-entity": f"[{BAIT}](&#106;avascript:QUOTED)",
    "md-reference": f"[{BAIT}][r]\n\n[r]: javascript:QUOTED",
    "md-brackets": f"[{BAIT}](<javascript:QUOTED>)",
    "md-automatic": "<javascript:QUOTED>",
    "md-picture": "![x](URL)",
    "md-title": '![x](x "x"onerror="RUN")',
    "md-fence": '```<img/src=x/onerror="RUN">\nx\n```',
    "md-formula": f"$\\href{{javascript:QUOTED}}{{{BAIT}}} \\style{{background:url(URL)}}{{x}}$",
}
"""Payloads of Markdown alone."""

INERT = {
    *("md-automatic/markdown", "md-title/markdown", "md-fence/markdown", "slashes/markdown"),
    "md-formula/markdown",  # MathJax comes from the network
    "refresh/markdown",  # a page has one refresh, the last
}
"""What nbconvert alone would not let run: another renderer of notebooks may."""


def payload(name: str, text: str, home: str, place: str) -> str:
    """Return a payload that reports its name and the place where it ran."""
    address = f"{home}/{name}/{place}"
    script = f"window.owned=(window.owned||'')+' {name}/{place}';void(new Image().src='{address}')"
    quoted = quote(script, safe="")
    return text.replace("QUOTED", quoted).replace("RUN", script).replace("URL", address)


def all_html(home: str, place: str) -> str:
    """Return all payloads of HTML."""
    return "\n\n".join(payload(name, text, home, place) for name, text in HTML.items())


def all_markdown(home: str) -> str:
    """Return all payloads of Markdown."""
    pieces = [payload(name, text, home, "markdown") for name, text in MARKDOWN.items()]
    return "\n\n".join([*pieces, all_html(home, "markdown")])


class Beacon(http.server.ThreadingHTTPServer):
    """A server on loopback that notes what it is asked for; it answers 204, so pages stay."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: set[str] = set()
        asked = self.asked

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.add(self.path.strip("/"))
                self.send_response(204)
                self.end_headers()

            def do_POST(self) -> None:
                self.do_GET()

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


def bundles(home: str) -> list[dict[str, str]]:
    """Return what a cell displays: one output with all kinds of data, and one of each kind."""
    vector = payload("svg-script", "<script>RUN</script>", home, "vector")
    kinds = {
        "text/html": all_html(home, "output"),
        "application/javascript": payload("script", "RUN", home, "javascript"),
        "image/svg+xml": f"<svg {_SVG}>{vector}</svg>",
        "text/markdown": payload("link", f"[{BAIT}](javascript:RUN)", home, "display"),
        "text/latex": payload("link", f"$\\href{{javascript:RUN}}{{{BAIT}}}$", home, "latex"),
    }
    return [kinds, *({kind: text} for kind, text in kinds.items())]


def hostile_notebook(home: str) -> dict[str, Any]:
    """Return the released notebook with every payload wherever a student can put a text."""
    notebook: dict[str, Any] = json.loads(RELEASE.read_bytes())
    in_place = {
        place: payload("onerror", HTML["onerror"], home, place)
        for place in ("exception", "answer", "tag", "author", "language", "title", "widgets")
    }
    notebook["metadata"] |= {
        "title": f"</title>{in_place['title']}",
        "authors": [{"name": in_place["author"]}],
        "widgets": {WIDGETS: {"state": {f"</script>{in_place['widgets']}": {}}}},
        "language_info": {"name": f'"><b></b>{in_place["language"]}'},
    }
    raises = f"raise type({in_place['exception']!r}, (Exception,), {{}})"
    answers = {
        "derivative-solution": f"def derivative(f, x, h=1e-5):\n    {raises}",
        "quiz-solution": f"quiz_answer = {in_place['answer']!r}",
    }
    for each in notebook["cells"]:
        each["source"] = answers.get(each["id"], each["source"])
        each["metadata"]["tags"] = [f'">{in_place["tag"]}']
    notebook["cells"][1:1] = own_cells(home, raises)
    return notebook


def own_cells(home: str, raises: str) -> list[dict[str, Any]]:
    """Return the cells that the student has added."""
    vector = payload("svg-script", f"<svg {_SVG}><script>RUN</script></svg>", home, "attachment")
    shown = bundles(home)
    displays = [f"display({bundle!r}, raw=True)" for bundle in shown]
    sources = {
        "shows": "\n".join(["from IPython.display import display", *displays]),
        "raises": f"{raises}({all_html(home, 'error')!r})",
        "prints": f"print({all_html(home, 'stream')!r})",
    }
    outputs = [{"output_type": "display_data", "metadata": {}, "data": data} for data in shown]
    return [
        {
            **cell("markdown", "text", all_markdown(home)),
            "attachments": {"x.svg": {"image/svg+xml": vector}},
        },
        {**cell("raw", "raw", all_html(home, "raw")), "metadata": {"raw_mimetype": "text/html"}},
        *(
            {**cell("code", name, source), "execution_count": 1, "outputs": outputs}
            for name, source in sources.items()
        ),
    ]


def cell(kind: str, name: str, source: str) -> dict[str, Any]:
    """Return a cell."""
    return {"cell_type": kind, "id": name, "metadata": {}, "source": source}


@pytest.fixture(scope="module")
def root(copy_of_course: Callable[[str], Path], beacon: Beacon) -> Path:
    """Return a course in which the hostile notebook has been graded."""
    root = copy_of_course("browser")
    folder = root / "submitted" / STUDENT / "calculus"
    folder.mkdir(parents=True)
    text = json.dumps(hostile_notebook(beacon.address))
    name = payload("onerror", HTML["onerror"], beacon.address, "cell-id")
    (folder / "calculus.ipynb").write_text(
        text.replace('"id": "raises"', f'"id": {json.dumps(name)}')
    )
    (folder / "<img src=x onerror=owned=' file'>.ipynb").write_text("{}")
    (result,) = grade(Course.load(root), "calculus", Options())
    assert result.status == "graded"
    assert result.exercises[0].score == 0
    return root


@pytest.fixture(scope="module")
def formgrader(root: Path, jupyter_environment: dict[str, str]) -> Iterator[str]:
    """Serve the course's formgrader."""
    with serving(root, jupyter_environment) as address:
        yield address


BAITS = f"""
const baits = [...document.querySelectorAll('a, b, button, text')].filter(
    element => element.textContent == '{BAIT}');
"""
CLICK = """
const click = new MouseEvent('click', {bubbles: true, cancelable: true});
if (arguments[0] < baits.length) baits[arguments[0]].dispatchEvent(click);
"""


class Visitor:
    """Somebody who opens pages and clicks whatever asks for it."""

    def __init__(self, browser: WebDriver, beacon: Beacon) -> None:
        self.browser = browser
        self._beacon = beacon

    def ran(
        self, address: str, expected: set[str] | None = None, *, clicks: bool = True
    ) -> set[str]:
        """Open a page; return what ran or was fetched, if need be once all expected has."""
        self._beacon.asked.clear()
        self._open(address)
        time.sleep(SETTLES)
        owned = self._owned()
        baits = self.browser.execute_script(f"{BAITS} return baits.length") if clicks else 0
        for number in range(int(baits)):
            self.browser.execute_script(BAITS + CLICK, number)
            owned |= self._owned()
            if self.browser.current_url.partition("#")[0] != address:
                self._open(address)  # a link led away
        time.sleep(SETTLES)
        end = time.monotonic() + PATIENCE
        while not (expected or set()) <= owned | self._beacon.asked and time.monotonic() < end:
            time.sleep(0.1)
        return owned | self._owned() | self._beacon.asked

    def _open(self, address: str) -> None:
        self.browser.get("about:blank")
        self.browser.get(address)
        WebDriverWait(self.browser, PATIENCE).until(
            lambda page: "Loading, please wait" not in page.page_source
        )

    def _owned(self) -> set[str]:
        return set(str(self.browser.execute_script("return window.owned || ''")).split())


@pytest.fixture
def visitor(browser: WebDriver, beacon: Beacon) -> Visitor:
    """Return somebody who has a browser."""
    return Visitor(browser, beacon)


@pytest.fixture(scope="module")
def feedback(root: Path) -> Path:
    """Return our feedback page, in a place where nbgrader's cannot overwrite it."""
    page = Course.load(root).feedback(STUDENT, "calculus") / "calculus.html"
    return page.rename(root / "feedback.html")


@pytest.fixture(scope="module")
def feedback_by_nbgrader(root: Path, feedback: Path, nbgrader: Callable[..., Any]) -> Path:
    """Return the page that nbgrader makes of our autograded notebook."""
    ended = nbgrader(root, "generate_feedback", "calculus", "--force")
    assert ended.status == 0, ended.log
    page = Course.load(root).feedback(STUDENT, "calculus") / "calculus.html"
    assert page.read_bytes() != feedback.read_bytes()
    return page


def test_payloads_run_where_nobody_cleans(visitor: Visitor, beacon: Beacon, tmp_path: Path) -> None:
    """The same notebook, through nbconvert alone, runs every script and handler, and calls home."""
    notebook = hostile_notebook(beacon.address)
    del notebook["metadata"]["language_info"]  # nbconvert warns of it and goes on
    (tmp_path / "x.ipynb").write_text(json.dumps(notebook))
    page, _ = HTMLExporter().from_filename(str(tmp_path / "x.ipynb"))  # type: ignore[no-untyped-call]
    (tmp_path / "page.html").write_text(page)
    expected = {
        *(f"{name}/{place}" for name in HTML for place in ("markdown", "output")),
        *(f"{name}/markdown" for name in MARKDOWN),
        "script/javascript",
    } - INERT
    assert expected - visitor.ran((tmp_path / "page.html").as_uri(), expected) == set()


def test_nothing_runs_in_feedback(visitor: Visitor, feedback: Path) -> None:
    """The page shows the student's cells as text, and neither runs nor fetches anything."""
    assert visitor.ran(feedback.as_uri()) == set()
    assert BAIT in visitor.browser.page_source
    assert "onerror" in visitor.browser.page_source


def test_nothing_would_run_in_feedback_without_its_policy(
    visitor: Visitor, feedback: Path, tmp_path: Path
) -> None:
    """The cleaning alone suffices; the content security policy is a second wall."""
    policy = "Content-Security-Policy"
    page = feedback.read_text()
    assert page.count(policy) == 1
    (tmp_path / "page.html").write_text(page.replace(policy, "X-Nothing"))
    assert visitor.ran((tmp_path / "page.html").as_uri()) == set()


def test_nothing_runs_in_feedback_by_nbgrader(visitor: Visitor, feedback_by_nbgrader: Path) -> None:
    """`nbgrader generate_feedback` finds nothing harmful in our autograded notebook."""
    assert visitor.ran(feedback_by_nbgrader.as_uri()) == set()
    assert BAIT in visitor.browser.page_source
    only_safe_formulas(visitor)


def only_safe_formulas(visitor: Visitor) -> None:
    """See that MathJax is asked for in its safe mode: elsewhere a formula may hold a script."""
    scripts = visitor.browser.find_elements(By.CSS_SELECTOR, "script[src*=mathjax]")
    addresses = [str(script.get_attribute("src")) for script in scripts]
    assert addresses
    assert all(address.endswith(",Safe") for address in addresses), addresses


LISTS = (
    "",
    "manage_assignments",
    "manage_submissions/calculus",
    "manage_students",
    f"manage_students/{quote(STUDENT)}",
    f"manage_students/{quote(STUDENT)}/calculus",
    "gradebook",
    "gradebook/calculus",
    "gradebook/calculus/calculus",
)


@pytest.mark.parametrize("page", LISTS)
def test_nothing_runs_in_lists_of_the_formgrader(
    visitor: Visitor, formgrader: str, page: str
) -> None:
    """The student's id, which some of them show, stays a text."""
    address = f"{formgrader}/{page}".rstrip("/")
    assert visitor.ran(address) == set()
    assert visitor.browser.find_elements(By.CSS_SELECTOR, "table td")


def grading_page(visitor: Visitor, formgrader: str) -> str:
    """Return the address of the page where one gives marks."""
    visitor.browser.get(f"{formgrader}/gradebook/calculus/calculus")
    WebDriverWait(visitor.browser, PATIENCE).until(lambda page: texts(page, "td.name a"))
    link = visitor.browser.find_element(By.CSS_SELECTOR, "td.name a").get_attribute("href")
    assert link is not None
    return link


def test_nothing_runs_where_one_gives_marks(visitor: Visitor, formgrader: str) -> None:
    """The formgrader's page of the submission shows cells and verdicts, and runs nothing."""
    assert visitor.ran(grading_page(visitor, formgrader)) == set()
    assert texts(visitor.browser, "table caption")
    assert BAIT in visitor.browser.page_source
    only_safe_formulas(visitor)


def test_payloads_run_where_one_gives_marks_if_nobody_cleans(
    visitor: Visitor, formgrader: str, root: Path, beacon: Beacon
) -> None:
    """On the submitted notebook itself the same page runs scripts: nothing else protects it."""
    address = grading_page(visitor, formgrader)
    autograded = Course.load(root).autograded(STUDENT, "calculus") / "calculus.ipynb"
    ours = autograded.read_bytes()
    notebook = hostile_notebook(beacon.address)
    notebook["metadata"] = {}
    autograded.write_text(json.dumps(notebook))
    try:
        expected = {"script/markdown", "script/output", "onerror/output", "picture/markdown"}
        assert visitor.ran(address, expected, clicks=False) >= expected
    finally:
        autograded.write_bytes(ours)
