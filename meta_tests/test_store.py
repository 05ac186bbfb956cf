"""Results survive whatever happens to the process that writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numgrade.results import (
    CheckResult,
    CheckStatus,
    ExerciseResult,
    SubmissionResult,
    SubmissionStatus,
)
from numgrade.store import Latest, ResultStore

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["meta_tests.spine"]


def result(student: str, score: float = 1.0, **others: Any) -> SubmissionResult:  # noqa: ANN401 - fields
    """Return a result."""
    check = CheckResult(
        name="test_it", title="It.", status=CheckStatus.PASSED, points=score, max_points=2.0
    )
    return SubmissionResult(
        assignment="mini",
        student=student,
        status=SubmissionStatus.GRADED,
        score=score,
        max_score=2.0,
        checks_sha256="0" * 64,
        exercises=(ExerciseResult.of("double", [check]),),
        **others,
    )


def stored(path: Path) -> Latest:
    """Open the store anew; return what counts."""
    with ResultStore(path) as store:
        return store.latest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where results lie, in a folder that does not exist yet."""
    return tmp_path / "results" / "mini.jsonl"


def test_what_was_appended_is_there_again(path: Path) -> None:
    """Records come back equal, in whatever order they came."""
    results = [result("b"), result("a", 0.5, warnings=("é\n", '"')), result("c", protection="A")]
    with ResultStore(path) as store:
        store.append(results[:2])
        store.append(results[2:])
        assert store.latest == {each.student: each for each in results}
    assert stored(path) == {each.student: each for each in results}


def test_the_last_record_counts_and_the_others_stay(path: Path) -> None:
    """A regrade adds a line and changes none."""
    with ResultStore(path) as store:
        store.append([result("a", 0.5), result("b")])
    before = path.read_bytes()
    with ResultStore(path) as store:
        store.append([result("a", 1.5)])
        assert store.latest["a"].score == 1.5
    assert path.read_bytes().startswith(before)
    assert {name: each.score for name, each in stored(path).items()} == {"a": 1.5, "b": 1.0}


@given(kept=st.integers(0, 3), cut=st.integers(1, 300))
def test_a_torn_last_line_is_no_record(
    tmp_path_factory: pytest.TempPathFactory, kept: int, cut: int
) -> None:
    """A line that a crash cut short is cut off, and the next record starts on a line of its own."""
    path = tmp_path_factory.mktemp("torn") / "mini.jsonl"
    whole = b"".join(result(f"s{n}").to_json() + b"\n" for n in range(kept))
    torn = result("torn").to_json()
    path.write_bytes(whole + torn[: min(cut, len(torn))])
    assert list(stored(path)) == [f"s{n}" for n in range(kept)]
    assert path.read_bytes() == whole
    with ResultStore(path) as store:
        store.append([result("next")])
    assert list(stored(path)) == [*(f"s{n}" for n in range(kept)), "next"]


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"null", b'{"student": "a"}', b"\xff\xfe", b"{" * 10_000, b"not json at all"],
)
def test_a_line_that_is_no_record_is_kept_and_does_not_count(path: Path, line: bytes) -> None:
    """What an older or newer version wrote is left alone; its student is graded again."""
    path.parent.mkdir()
    content = result("a").to_json() + b"\n" + line + b"\n" + result("b").to_json() + b"\n"
    path.write_bytes(content)
    assert list(stored(path)) == ["a", "b"]
    assert path.read_bytes() == content


def test_a_record_of_a_later_version_still_counts(path: Path) -> None:
    """The record may gain fields: those that are not known are passed over."""
    path.parent.mkdir()
    record = msgspec.json.decode(result("a").to_json())
    path.write_bytes(msgspec.json.encode({**record, "new": {"field": 1}}) + b"\n")
    assert stored(path) == {"a": result("a")}


def test_one_record_is_one_line(path: Path) -> None:
    """Line ends in names and messages do not break a record in two."""
    strange = result("two\nlines\r\u2028", warnings=("a\nb",))
    with ResultStore(path) as store:
        store.append([strange])
    assert path.read_bytes().count(b"\n") == 1
    assert stored(path) == {strange.student: strange}


def test_an_empty_batch_is_fine(path: Path) -> None:
    """Nothing appended is nothing written."""
    with ResultStore(path) as store:
        store.append([])
    assert path.read_bytes() == b""
