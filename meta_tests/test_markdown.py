"""Student Markdown: readable, and harmless in the renderer that nbgrader uses."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from numgrade.markdown import MAX_MARKDOWN, safe_attachments, safe_markdown
from numgrade.outputs import CUT

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
ATTACHED = {"ok.png": {"image/png": PNG}}

# What Markdown itself makes, and nbconvert around it: everything else came from raw HTML.
MARKDOWN_TAGS = {
    *("p", "em", "strong", "del", "code", "pre", "a", "ul", "ol", "li", "blockquote", "hr", "br"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
    *("dl", "dt", "dd", "div", "span", "img", "input"),
}
MARKDOWN_ATTRIBUTES = {"href", "src", "alt", "title", "class", "id", "start", "style", "type"}
MARKDOWN_ATTRIBUTES |= {"disabled", "checked"}

HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT\nsrc=//evil.example>",
    "<img src=x onerror=alert(1)>",
    "a <b onclick=alert(1)>bold</b> word",
    "<svg/onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<!-- --><script>alert(1)</script>",
    "<!DOCTYPE x><?php alert(1) ?>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "`code` <script>alert(1)</script> `code`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```mermaid\n</pre><script>alert(1)</script>\n```",
    "~~~mermaid\n<img src=x onerror=alert(1)>\n~~~",
    "```&Tab;\ncode\n```",
    "$a</p><script>alert(1)</script>$",
    "$$\n<img src=x onerror=alert(1)>\n$$",
    "\\begin{a}<script>alert(1)</script>\\end{a}",
    "<br><script>alert(1)</script>",
    "<br>\n<div onclick=alert(1)>\nraw block\n</div>",
    "<br onclick=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](\njavascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&amp;colon;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](javascript\\:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](< javascript:alert(1)>)",
    "[x](<java\tscript:alert(1)>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1))",
    "[x](\x01javascript:alert(1))",
    "[![x](y)](javascript:alert(1))",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[x][y]\n\n[y]:javascript:alert(1)",
    "[x][y]\n\n[y]:\n  javascript:alert(1)",
    "> [x][y]\n>\n> [y]:\n> javascript:alert(1)",
    "[x][y]\n\n[y]: <javascript:alert(1)>",
    "<javascript:alert(1)>",
    "<https://x.example/onmouseover=alert(1)>",
    "![x](http://evil.example/seen.png)",
    "![x][y]\n\n[y]: http://evil.example/seen.png",
    "![a\\](attachment:ok.png)](http://evil.example/seen.png)",
    "![a`](attachment:ok.png)`](http://evil.example/seen.png)",
    "![x](attachment:missing.png)",
    "![x](attachment:ok.png&quot;)",
    '[x](http://x.example "t\\" onclick=alert(1)")',
    "# <script>alert(1)</script>\n\nx\n===",
    "| <script>alert(1)</script> | [x](javascript:alert(1)) |\n|-|-|\n| a | b |",
    "<\x00script>alert(1)</script>",
    "<\u200bscript>alert(1)</script>",
]


class Rendered(HTMLParser):
    """Fails on anything in a rendered cell that a page could act on or fetch."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Accept what Markdown makes."""
        assert tag in MARKDOWN_TAGS
        for name, value in attrs:
            assert name in MARKDOWN_ATTRIBUTES
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name == "src":
                assert value == f"data:image/png;base64,{PNG}"
            elif name == "href" and re.match(r"[a-z][a-z0-9+.-]*:", address):
                assert address.startswith(("http:", "https:", "mailto:", "attachment:"))
            elif name == "style":
                assert address.startswith("text-align:")

    def handle_comment(self, data: str) -> None:
        """Accept no comment."""
        pytest.fail(data)

    def handle_decl(self, decl: str) -> None:
        """Accept no declaration."""
        pytest.fail(decl)

    def handle_pi(self, data: str) -> None:
        """Accept no processing instruction."""
        pytest.fail(data)


def rendered(source: str) -> str:
    """Render as nbgrader's feedback and formgrader do: raw HTML and all addresses allowed."""
    renderer = IPythonRenderer(escape=False, attachments=ATTACHED)
    return MarkdownWithMath(renderer=renderer).render(source)


def assert_harmless(source: str) -> None:
    """Fail if a browser could act on the rendered text."""
    parser = Rendered()
    parser.feed(rendered(safe_markdown(source, ATTACHED)))
    parser.close()


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_markdown_renders_to_nothing_that_acts(payload: str) -> None:
    """Neither raw HTML nor a script link nor a remote picture gets through."""
    assert_harmless(payload)
    assert_harmless(f"before\n\n- {payload}\n- after")
    assert_harmless(f"> {payload}")


@pytest.mark.parametrize(
    "payload", [text for text in HOSTILE if "<" in text and "attachment" not in text]
)
def test_the_attacks_would_work_unchanged(payload: str) -> None:
    """The examples are real: at least the raw ones reach the page if nobody sanitises them."""
    assert safe_markdown(payload, ATTACHED) != payload


def test_the_renderer_lets_raw_html_and_script_links_pass() -> None:
    """The reason for all this: nbgrader's renderer stops neither."""
    assert "<script>alert(1)</script>" in rendered("<script>alert(1)</script>")
    assert 'href="javascript:alert(1)"' in rendered("[x](javascript:alert(1))")


@pytest.mark.parametrize(
    "source",
    [
        "# Heading\n\nSome *emphasis*, **strong** words and `code`.",
        "- a list\n- of two\n\n1. and\n2. numbers",
        "$$\\int_a^b f(x)\\,dx \\approx \\sum_i f(x_i) h$$",
        "$a < b$, $h^2<10^{-3}$ and $x<1$",
        "[a link](https://numpy.org/doc?a=1&b=2#c) and [another](../notes.md)",
        "[reference][1]\n\n[1]: https://numpy.org",
        "![a picture](attachment:ok.png)",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```python\nif x[0] < 1:\n    y[1:3] = x[2](3)\n```",
        "a line<br>and another<br/>and a third",
        "x <- 3, 1 << 4, a <= b, AT&T, &lt;b&gt;",
    ],
)
def test_ordinary_markdown_is_left_alone(source: str) -> None:
    """Prose, formulas, links, tables and code come through letter by letter."""
    assert safe_markdown(source, ATTACHED) == source


@pytest.mark.parametrize(
    ("source", "safe"),
    [
        ("$a<b$", "$a< b$"),
        ("`List<int>`", "`List< int>`"),
        ("<b>bold</b>", "< b>bold< /b>"),
        ("<https://numpy.org>", "< https://numpy.org>"),
        ("[x](javascript:alert(1))", "[x] (javascript:alert(1))"),
        ("![x](http://example.org/x.png)", "! [x](http://example.org/x.png)"),
        ("```python\nif x[0]:\n    y: int = 1\n```", "```python\nif x[0] :\n    y: int = 1\n```"),
    ],
)
def test_what_could_do_harm_gets_a_space_and_stays_readable(source: str, safe: str) -> None:
    """A formula means the same with a space; a tag, link or picture becomes text."""
    assert safe_markdown(source) == safe


def test_cleaning_twice_changes_nothing() -> None:
    """A notebook that is graded again is not spaced out further."""
    for payload in HOSTILE:
        once = safe_markdown(payload, ATTACHED)
        assert safe_markdown(once, ATTACHED) == once


def test_long_markdown_is_cut_and_says_so() -> None:
    """Nobody reads a megabyte, and a renderer would take minutes over it."""
    safe = safe_markdown("x" * (MAX_MARKDOWN + 1))
    assert len(safe) < MAX_MARKDOWN + 100
    assert safe.endswith(CUT)


def test_thousands_of_latex_environments_are_not_rendered() -> None:
    """For each, nbconvert searches the rest of the text, for seconds in all; a few are fine."""
    assert r"\begin{" not in safe_markdown(r"\begin{a}" * 201)
    assert r"\begin{" in safe_markdown(r"\begin{a}x\end{a}" * 9)


@pytest.mark.parametrize("attachments", [None, [], "x", {"a": 1}, {"a": {"text/html": "<b>"}}])
def test_attachments_of_the_wrong_shape_are_dropped(attachments: object) -> None:
    """Only checked pictures are attached."""
    assert safe_attachments(attachments) == {}


def test_attached_pictures_are_checked() -> None:
    """A picture stays, anything that only claims to be one goes."""
    hostile = {"image/svg+xml": "PHN2Zz4=", "image/png": PNG, "image/jpeg": PNG}
    assert safe_attachments({"ok.png": hostile, "no.png": {"image/png": "x"}}) == ATTACHED
    assert len(safe_attachments({f"{n}.png": ATTACHED["ok.png"] for n in range(99)})) == 20


pieces = st.lists(
    st.sampled_from(
        [
            *HOSTILE,
            *("<", "</", "[", "]", "](", "]:", "![", "(", ")", "javascript:", "&Tab;", "&colon;"),
            *("\\", "`", "```", "$", "$$", "> ", "- ", "\n", "\n\n", " ", "\t", "|", "\n|-|-|\n"),
            *("<br>", "attachment:", "ok.png", ":", "script", "a", "*", "_", "~~", '"', "\n===\n"),
        ]
    ),
    max_size=20,
)


@given(pieces)
def test_no_mixture_of_pieces_gets_through(mixture: list[str]) -> None:
    """Whatever a student puts together, and however it is parsed, it renders to text."""
    assert_harmless("".join(mixture))


@pytest.mark.parametrize(
    "source",
    [
        r"$\href{javascript:alert(1)}{x}$",
        r"$$\\href{javascript:alert(1)}{x}$$",
        r"\begin{align}\style{color:red}{x}\end{align}",
        r"$\let\x=\href \x{javascript:alert(1)}{x}$",
        r"&#36;&#92;href{javascript:alert(1)}{x}&#36;",
        r"&#x24;&bsol;href{javascript:alert(1)}{x}&#x24;",
        r"$\h&#114;ef{javascript:alert(1)}{x}$",
        r"$\h&#x000072ef{javascript:alert(1)}{x}$",
    ],
)
def test_formulas_make_no_links_and_no_styles(source: str) -> None:
    """Where MathJax is loaded without its safe mode, a link of a formula may hold a script."""
    text = html.unescape(safe_markdown(source))
    assert not re.search(r"\\(href|style)(?![A-Za-z])", text)


@pytest.mark.parametrize(
    "source", [r"$\hbar \classical \sin x$", "&#8217; &#x3b1; &amp; & # 1", r"a \ b", "R&D #1"]
)
def test_other_formulas_and_characters_stay(source: str) -> None:
    """Nothing but what could do harm is taken apart."""
    assert safe_markdown(source) == source
