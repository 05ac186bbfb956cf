"""Outputs of student code: what is harmless is kept, and nothing else."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from html.parser import HTMLParser
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numgrade.images import MAX_SIDE, clean_image
from numgrade.outputs import (
    CELL_EFFORT,
    CUT,
    MAX_OUTPUTS,
    NOT_SHOWN,
    Budget,
    CellOutcome,
    clean,
    clean_html,
    clean_outcomes,
    clean_text,
)

ALLOWED = {
    *("a", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em", "h1", "h2"),
    *("h3", "h4", "h5", "h6", "hr", "i", "kbd", "li", "ol", "p", "pre", "s", "samp", "small"),
    *("span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u"),
    "ul",
}

XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><circle/></svg>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa\tScRiPt:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=' vbscript:msgbox(1)'>x</a>",
    "<a href='magnet:?xt=x'>x</a><a href='formgrader/x'>x</a>",
    "<p onclick=alert(1)>x</p>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<td style='position:fixed;inset:0'>x</td>",
    "<style>* { display: none }</style>",
    "<link rel=stylesheet href=http://evil.example>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href=http://evil.example>",
    "<form action=http://evil.example><input name=q><button>x</button></form>",
    "<object data=http://evil.example></object><embed src=http://evil.example>",
    "<video src=x onerror=alert(1)><source onerror=alert(1)></video>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<div id=derivative class='nbgrader_cell score' name=x>x</div>",
    "<img src=http://evil.example/seen.png>",
    "\x1b[31m<script>alert(1)</script>",
    "<\x00script>alert(1)</script>",
    "\N{FULLWIDTH LESS-THAN SIGN}script>alert(1)</script>",
]


class Harmless(HTMLParser):
    """Fails on anything that a page could act on."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Accept formatting only."""
        assert tag in ALLOWED
        for name, value in attrs:
            assert name in {"href", "title", "rel", "class", "colspan", "rowspan", "scope", "style"}
            if name == "href":
                assert (value or "").startswith(("http://", "https://", "mailto:"))
            if name == "class":
                assert value == "dataframe"
            if name == "style":
                assert (value or "").split(":")[0] in {"", "text-align"}

    def handle_comment(self, data: str) -> None:
        """Accept no comment."""
        pytest.fail(data)

    def handle_decl(self, decl: str) -> None:
        """Accept no declaration."""
        pytest.fail(decl)

    def handle_pi(self, data: str) -> None:
        """Accept no processing instruction."""
        pytest.fail(data)


def assert_harmless(html: str) -> None:
    """Fail if a browser could act on `html`."""
    parser = Harmless()
    parser.feed(html)
    parser.close()


def display(**data: object) -> dict[str, Any]:
    """Return display data; `text_html` stands for "text/html"."""
    bundle = {mime.replace("_", "/"): value for mime, value in data.items()}
    return {"output_type": "display_data", "data": bundle, "metadata": {}}


def stream(text: object, name: object = "stdout") -> dict[str, Any]:
    """Return a piece of a stream."""
    return {"output_type": "stream", "name": name, "text": text}


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> str:
    """Return the base64 of a PNG picture that claims this size."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(bytes(2)))
    data = b"\x89PNG\r\n\x1a\n" + header + rows + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


def jpeg(width: int, height: int) -> str:
    """Return the base64 of the beginning of a JPEG picture that claims this size."""
    application = b"\xff\xe0\x00\x10JFIF\x00" + bytes(9)
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(10)
    return base64.b64encode(b"\xff\xd8" + application + frame).decode()


def assert_valid(outputs: list[dict[str, Any]]) -> None:
    """Fail if nbformat does not accept the outputs of a cell."""
    cell: dict[str, Any] = {"cell_type": "code", "id": "x", "metadata": {}, "source": ""}
    cells = [cell | {"outputs": outputs, "execution_count": None}]
    nbformat.validate({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize("payload", XSS)
def test_hostile_html_loses_everything_that_could_act(payload: str) -> None:
    """No script, handler, link to a script, remote picture, style or id survives."""
    cleaned = clean_html(f"<p>before</p>{payload}<p>after</p>")
    assert cleaned is not None
    assert_harmless(cleaned)


@pytest.mark.parametrize("payload", XSS)
def test_hostile_text_stays_text_and_is_valid(payload: str) -> None:
    """Texts are kept as texts, which pages escape; they cannot forge another kind of output."""
    hostile = [
        stream(payload, payload),
        {"output_type": "error", "ename": payload, "evalue": payload, "traceback": [payload, 5]},
        {"output_type": payload, "data": {"text/html": payload}},
        {"output_type": "display_data", "data": {payload: payload}, "metadata": {payload: 1}},
    ]
    cleaned = clean(hostile)
    assert_valid(cleaned)
    assert [output["output_type"] for output in cleaned] == ["stream", "error", "display_data"]
    assert cleaned[0]["name"] == "stdout"
    assert cleaned[2] == display(**{"text/plain": NOT_SHOWN})


@pytest.mark.parametrize(
    "mime",
    [
        "application/javascript",
        "image/svg+xml",
        "text/latex",
        "text/markdown",
        "application/json",
        "application/vnd.jupyter.widget-view+json",
        "text/vnd.mermaid",
        "application/pdf",
    ],
)
def test_other_formats_leave_their_plain_text_only(mime: str) -> None:
    """What a page would run or render in ways of its own is dropped, its plain text is kept."""
    assert clean([display(**{mime: "alert(1)", "text/plain": "x"})]) == [display(text_plain="x")]


def test_a_data_frame_stays_a_table() -> None:
    """What pandas puts out stays readable: the table with its head and alignment."""
    frame = (
        "<div>\n<style scoped>\n .dataframe th { vertical-align: top; }\n</style>"
        '<table border="1" class="dataframe"><thead><tr style="text-align: right;">'
        '<th></th><th style="text-align: right; color: red">h</th></tr></thead>'
        "<tbody><tr><th>0</th><td>0.5</td></tr></tbody></table></div>"
    )
    cleaned = clean_html(frame)
    assert cleaned is not None
    assert_harmless(cleaned)
    assert '<table class="dataframe">' in cleaned
    assert '<th style="text-align:right">h</th>' in cleaned
    assert "vertical-align" not in cleaned


def test_deep_html_is_refused() -> None:
    """Nesting that a page or a converter could stumble over leaves the plain text."""
    nested = "<div>" * 500 + "x" + "</div>" * 500
    assert clean_html(nested) is None
    assert clean([display(text_html=nested, text_plain="x")]) == [display(text_plain="x")]


def test_html_beyond_the_budget_is_not_even_parsed() -> None:
    """An HTML parser is not given what could take it minutes."""
    many = "<b>" * (CELL_EFFORT + 1)
    long = f"<p title='{'x' * (100 * CELL_EFFORT)}'>"
    for html in (many, long):
        assert clean([display(text_html=html, text_plain="x")]) == [display(text_plain="x")]
    cells = {n: CellOutcome(outputs=[display(text_html="<i>a</i>" * 900)]) for n in range(20)}
    kept = [outcome.outputs[0]["data"] for outcome in clean_outcomes(cells).values()]
    assert "text/html" in kept[0]
    assert kept[-1] == {"text/plain": NOT_SHOWN}


def test_ansi_codes_and_control_characters_are_removed() -> None:
    """No code can hide, overwrite or reverse what is read, in a browser or a terminal."""
    for hostile, wanted in (
        ("\x1b[0;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b", "ab"),
        ("\x1b]2;never ended", ""),
        ("\x1b[2J\x1b[999;999Hx\x1bc", "x"),
        ("a\x1b", "a"),
        ("a\x00\x08\x0b\x7f\x9bb", "ab"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}abc\N{POP DIRECTIONAL FORMATTING}", "abc"),
        ("10%\r50%\r100%\ndone\r\n", "100%\ndone\n"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("half \ud800 character", "half  character"),
        ("naïve 数学 \N{GRINNING FACE}", "naïve 数学 \N{GRINNING FACE}"),
    ):
        assert clean_text(hostile) == wanted


def test_neighbouring_pieces_of_a_stream_become_one() -> None:
    """A thousand prints are one output; stderr stays apart."""
    pieces = [stream("a\n"), stream(["b", "\n"]), stream("c", "stderr"), stream("d", "stdin")]
    assert clean(pieces) == [stream("a\nb\n"), stream("c", "stderr"), stream("d")]


def test_pictures_are_checked() -> None:
    """PNG and JPEG pictures of a reasonable size are kept, without line breaks."""
    assert clean_image("image/png", png(600, 400)) == png(600, 400)
    assert clean_image("image/jpeg", jpeg(600, 400)) == jpeg(600, 400)
    broken = "\n".join([png(6, 4)[:8], png(6, 4)[8:], ""])
    assert clean_image("image/png", broken) == png(6, 4)


@pytest.mark.parametrize(
    ("mime", "text"),
    {
        "no base64": ("image/png", "<script>"),
        "quotation marks": ("image/png", f'{png(6, 4)}" onerror="alert(1)'),
        "not ASCII": ("image/png", "é" * 40),
        "bad padding": ("image/png", png(6, 4) + "="),
        "a web page": ("image/png", base64.b64encode(b"<script>alert(1)</script>" * 3).decode()),
        "a PNG as JPEG": ("image/jpeg", png(6, 4)),
        "a JPEG as PNG": ("image/png", jpeg(6, 4)),
        "cut off": ("image/png", base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()),
        "no frame": ("image/jpeg", base64.b64encode(b"\xff\xd8\xff\xd9").decode()),
        "endless segments": (
            "image/jpeg",
            base64.b64encode(b"\xff\xd8" + b"\xff\xe0\0\0" * 99).decode(),
        ),
        "too wide": ("image/png", png(MAX_SIDE + 1, 1)),
        "too many pixels": ("image/jpeg", jpeg(9_000, 9_000)),
        "no pixels": ("image/png", png(0, 4)),
        "too large": ("image/png", "A" * 1_000_004),
    }.values(),
)
def test_what_is_not_a_reasonable_picture_is_refused(mime: str, text: str) -> None:
    """A picture cannot carry markup, nor claim a size that a browser would choke on."""
    assert clean_image(mime, text) is None
    assert clean([display(**{mime: text})]) == [display(text_plain=NOT_SHOWN)]


def test_metadata_of_outputs_are_dropped() -> None:
    """From a file name in the metadata of an output, nbconvert would load a picture."""
    output = display(text_plain="x")
    output["metadata"] = {"filenames": {"image/png": "http://evil.example/x.png"}}
    assert clean([output]) == [display(text_plain="x")]


def test_output_is_cut_at_the_limit_and_says_so() -> None:
    """A flood of output is kept up to the limit."""
    cleaned = clean([stream("x" * 700), stream("y" * 700), stream("z")], Budget(characters=1_000))
    assert cleaned == [stream("x" * 700 + "y" * 300), stream(CUT)]
    many = clean([display(text_plain="x")] * (MAX_OUTPUTS + 50))
    assert len(many) == MAX_OUTPUTS + 1
    assert many[-1] == stream(CUT)


def test_a_picture_beyond_the_limit_is_left_out_whole() -> None:
    """Half a picture is none."""
    cleaned = clean([display(image_png=png(6, 4))], Budget(characters=20))
    assert cleaned == [display(text_plain=NOT_SHOWN), stream(CUT)]


def test_a_long_traceback_keeps_its_ends() -> None:
    """The beginning and the end of a traceback are what people read."""
    lines = [str(number) for number in range(500)]
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": lines}
    kept = clean([error])[0]["traceback"]
    assert kept == [*lines[:50], "...", *lines[-50:]]


def test_clean_outcomes_are_passed_on() -> None:
    """Cleaning twice costs nothing and changes nothing."""
    outcomes = {3: CellOutcome(execution_count=1, outputs=[stream("\x1b[1mx")])}
    once = clean_outcomes(outcomes)
    assert once[3].outputs == [stream("x")]
    assert clean_outcomes(once)[3] is once[3]


def test_outputs_of_all_cells_together_are_bounded() -> None:
    """A notebook of many loud cells is cut as well."""
    loud = CellOutcome(outputs=[stream("x" * 1_000_000)])
    cleaned = clean_outcomes(dict.fromkeys(range(25), loud))
    total = sum(len(str(outcome.outputs)) for outcome in cleaned.values())
    assert total < 21_000_000
    assert cleaned[24].outputs == [stream(CUT)]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(XSS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["output_type", "data", "text", "name", "text/html", "text/plain"])
            | st.sampled_from(["image/png", "ename", "evalue", "traceback", "execution_count"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(
    st.lists(
        st.builds(
            lambda kind, rest: {**rest, "output_type": kind},
            st.sampled_from(["stream", "error", "display_data", "execute_result", "update"]),
            st.dictionaries(
                st.sampled_from(["data", "text", "name", "ename", "traceback", "execution_count"]),
                json_values,
            ),
        )
        | json_values,
        max_size=5,
    )
)
def test_whatever_a_worker_reports_the_outputs_are_valid(outputs: list[Any]) -> None:
    """Any JSON becomes outputs that nbformat accepts, without anything that could act."""
    cleaned = clean(outputs)
    assert_valid(cleaned)
    json.dumps(cleaned).encode()
    for output in cleaned:
        assert_harmless(output.get("data", {}).get("text/html", ""))


@given(st.none() | st.booleans() | st.text() | st.integers() | st.floats())
def test_an_execution_count_is_a_count_or_nothing(count: Any) -> None:  # noqa: ANN401 - anything
    """The number of an execution is what nbformat allows."""
    outcome = clean_outcomes({0: CellOutcome(execution_count=count)})[0]
    is_count = isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 2**31
    assert outcome.execution_count == (count if is_count else None)
