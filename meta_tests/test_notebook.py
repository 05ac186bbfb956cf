"""Reading notebooks: what can be read is read, the rest is refused with a reason."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numgrade.errors import UnreadableSubmission
from numgrade.notebook import MAX_SOURCE, StudentNotebook, read_notebook
from numgrade.notebook_json import MAX_BYTES

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
notebook_keys = st.sampled_from(
    "cells worksheets nbformat nbformat_minor metadata cell_type source id input level attachments"
    " nbgrader grade_id grade solution locked".split()
)
notebook_like = st.recursive(
    st.sampled_from(["code", "markdown", "raw", "heading", "x = 1", "a", "", 4, 0, None, True]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(notebook_keys, inner, max_size=6),
    max_leaves=20,
)


def code(source: object = "x = 1", **others: object) -> dict[str, object]:
    """Return a code cell as nbformat 4 stores it."""
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **others}


def notebook(*cells: object, **others: object) -> bytes:
    """Return a notebook file of nbformat 4.5."""
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, **others}).encode()


def old_notebook(*cells: object) -> bytes:
    """Return a notebook file of nbformat 3."""
    return json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}).encode()


UNREADABLE = {
    "empty": (b"", "is empty"),
    "white space": (b" \n\t ", "is empty"),
    "text": (b"dear professor", "not JSON"),
    "python script": (b"import numpy as np\nx = 1\n", "a Python script"),
    "html page": (b"<!DOCTYPE html><title>x</title>", "a web page"),
    "zip archive": (b"PK\x03\x04" + bytes(40), "ZIP archive"),
    "pdf": (b"%PDF-1.7 \xff\xfe", "a PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "merge conflict": (b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n", "merge conflicts"),
    "cut off": (notebook(code())[:-20], "cut off"),
    "random bytes": (bytes(range(256)), "not JSON"),
    "nothing but NUL": (bytes(1000), "not JSON"),
    "a number": (b"4", "not an object"),
    "a list": (b"[1, 2]", "not an object"),
    "a list, with NaN": (b"[NaN]", "not an object"),
    "an empty object": (b"{}", "no cells"),
    "null cells": (b'{"cells": null}', "no cells"),
    "cells are an object": (b'{"cells": {"a": 1}}', "not a list"),
    "cells are a text": (b'{"cells": "code"}', "not a list"),
    "worksheets are a number": (b'{"worksheets": 3}', "worksheets are not a list"),
    "a worksheet without cells": (b'{"worksheets": [{"cells": 1}]}', "not a list"),
    "nested too deeply": (b'{"cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "too deeply"),
    "nested too deeply, with NaN": (b'{"a": NaN, "b": ' + b"[" * 200_000, "beyond all measure"),
    "too many cells": (notebook(*[code()] * 2_001), "2001 cells"),
    "a million empty cells": (b'{"cells": [' + b"{}," * 1_000_001 + b"{}]}", "million objects"),
    "too large": (b" " * MAX_BYTES + b"{}", "at most 50 MB"),
}

# name: (file, part of the only warning or "", the cells read: types and sources)
READABLE: dict[str, tuple[bytes, str, list[tuple[str, str]]]] = {
    "plain": (notebook(code()), "", [("code", "x = 1")]),
    "no cells at all": (notebook(), "", []),
    "source as lines": (notebook(code(["a = 1\n", "b = 2"])), "", [("code", "a = 1\nb = 2")]),
    "windows line ends": (notebook(code("a\r\nb\rc")), "", [("code", "a\nb\nc")]),
    "missing outputs": (
        notebook({"cell_type": "code", "source": "x"}),
        "",
        [("code", "x")],
    ),
    "null metadata": (notebook(code(metadata=None)), "", [("code", "x = 1")]),
    "metadata is a list": (notebook(code(metadata=[1])), "", [("code", "x = 1")]),
    "outputs are nonsense": (notebook(code(outputs={"a": [1]})), "", [("code", "x = 1")]),
    "source is a number": (notebook(code(5)), "source of cell 1", [("code", "")]),
    "source is null": (notebook(code(None)), "source of cell 1", [("code", "")]),
    "source is missing": (notebook({"cell_type": "code"}), "source of cell 1", [("code", "")]),
    "source holds numbers": (notebook(code(["a", 1])), "source of cell 1", [("code", "")]),
    "source is huge": (notebook(code("#" * MAX_SOURCE)), "source of cell 1", [("code", "")]),
    "NUL in the source": (notebook(code("a\0b")), "NUL", [("code", "ab")]),
    "a cell is null": (notebook(None, code()), "cell 1", [("code", "x = 1")]),
    "a cell is a text": (notebook(code(), "y = 2"), "cell 2", [("code", "x = 1")]),
    "unknown cell type": (notebook(code(cell_type="graph")), "type of cell 1", [("raw", "x = 1")]),
    "cell type missing": (notebook({"source": "y"}), "type of cell 1", [("raw", "y")]),
    "format 4.0": (notebook(code(), nbformat_minor=0), "format 4.0", [("code", "x = 1")]),
    "format 9": (notebook(code(), nbformat=9), "no format that is known", [("code", "x = 1")]),
    "format is a text": (notebook(code(), nbformat="4"), "no format", [("code", "x = 1")]),
    "format 3": (
        old_notebook(
            {"cell_type": "code", "input": ["x = ", "1"], "prompt_number": 2, "outputs": []},
            {"cell_type": "heading", "level": 2, "source": "Slopes"},
            {"cell_type": "html", "source": "<b>x</b>"},
        ),
        "old format 3",
        [("code", "x = 1"), ("markdown", "## Slopes"), ("markdown", "<b>x</b>")],
    ),
    "two worksheets": (
        json.dumps(
            {"nbformat": 3, "worksheets": [{"cells": [code()]}, {"cells": [code()]}]}
        ).encode(),
        "old format 3",
        [("code", "x = 1"), ("code", "x = 1")],
    ),
    "byte order mark": (b"\xef\xbb\xbf" + notebook(code()), "utf-8-sig", [("code", "x = 1")]),
    "UTF-16": (notebook(code()).decode().encode("utf-16"), "utf-16", [("code", "x = 1")]),
    "Latin-1": (
        notebook(code("# cafe")).replace(b"cafe", b"caf\xe9"),
        "not proper utf-8",
        [("code", "# caf\N{REPLACEMENT CHARACTER}")],
    ),
    "NaN": (notebook(code(), metadata={"x": float("nan")}), "not strict JSON", [("code", "x = 1")]),
    "half a character": (notebook(code("# \ud83d")), "not strict JSON", [("code", "# ?")]),
    "the same key twice": (
        b'{"cells": [], "cells": [{"cell_type": "code", "source": "x"}], "nbformat": 4}',
        "",
        [("code", "x")],
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_not_a_notebook_is_refused_with_a_reason(name: str) -> None:
    """The reason is one plain sentence or two, and says what the file is instead."""
    data, reason = UNREADABLE[name]
    with pytest.raises(UnreadableSubmission, match=reason) as caught:
        read_notebook(data)
    assert str(caught.value).startswith("The submitted ")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("name", READABLE)
def test_a_damaged_notebook_is_read_as_far_as_it_goes(name: str) -> None:
    """What can be read is read, and what had to be put right is a warning."""
    data, warning, cells = READABLE[name]
    read = read_notebook(data)
    assert [(cell.cell_type, cell.source) for cell in read.cells] == cells
    if warning:
        assert len(read.warnings) == 1
        assert warning in read.warnings[0]
        assert read.warnings[0].endswith(".")
    else:
        assert not read.warnings


def test_ids_flags_and_grade_id_are_read() -> None:
    """Cells are known by nbgrader's grade_id, nbformat's id and Colab's."""
    nbgrader = {"grade_id": "slope", "grade": True, "solution": False, "locked": True}
    metadata = {"id": "colab-1", "nbgrader": nbgrader, "tags": ["show-only"]}
    cell = read_notebook(notebook(code(id="cell-1", metadata=metadata))).cells[0]
    assert cell.grade_id == "slope"
    assert cell.flags == (True, False, True)
    assert cell.ids == ("cell-1", "colab-1")


@pytest.mark.parametrize("broken", [None, 5, [], {"grade_id": 7, "grade": "yes"}, {"grade_id": ""}])
def test_broken_nbgrader_metadata_are_lost_metadata(broken: object) -> None:
    """Metadata of the wrong shape are as good as none."""
    cell = read_notebook(notebook(code(metadata={"nbgrader": broken}))).cells[0]
    assert cell.grade_id is None
    assert cell.flags == (False, False, False)


def test_stored_outputs_are_not_looked_at() -> None:
    """A forged or enormous output of the student's own run costs nothing and reaches nobody."""
    plain = read_notebook(notebook(code()))
    forged = {"output_type": "execute_result", "data": {"text/plain": "4.0" * 100_000}}
    assert read_notebook(notebook(code(outputs=[forged] * 10))) == plain


def test_many_damaged_cells_make_one_warning() -> None:
    """A notebook of a thousand damaged cells does not flood the record."""
    read = read_notebook(notebook(*[code(None)] * 1_000))
    assert len(read.warnings) == 1
    assert "cell 1, cell 2, cell 3, cell 4, cell 5 and 995 more" in read.warnings[0]


def reads_or_refuses(data: bytes) -> None:
    """Read `data`: it is a notebook, or refused, and any other exception is a failure."""
    read = StudentNotebook(cells=())
    with contextlib.suppress(UnreadableSubmission):
        read = read_notebook(data)
    for cell in read.cells:
        cell.source.encode()  # nothing later meets half a character


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_else(data: bytes) -> None:
    """Bytes are a notebook or refused."""
    reads_or_refuses(data)


@given(json_values)
def test_arbitrary_json_raises_nothing_else(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """JSON is a notebook or refused."""
    reads_or_refuses(json.dumps(value).encode())


@given(st.dictionaries(notebook_keys, notebook_like))
def test_what_resembles_a_notebook_raises_nothing_else(value: dict[str, object]) -> None:
    """The right names with the wrong things behind them are read or refused."""
    reads_or_refuses(json.dumps(value).encode())


@given(st.integers(min_value=0, max_value=400), st.binary(min_size=1, max_size=4))
def test_a_notebook_with_damaged_bytes_raises_nothing_else(at: int, damage: bytes) -> None:
    """A flipped byte anywhere is survived."""
    data = notebook(code(metadata={"nbgrader": {"grade_id": "a"}}), code(["b\n", "c"]))
    reads_or_refuses(data[:at] + damage + data[at + len(damage) :])
