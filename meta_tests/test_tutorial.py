"""The tutorial's commands, run as they are written in an empty folder, end with a graded class."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from numgrade.results import SubmissionResult

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).parents[1]
TUTORIAL = (PROJECT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?:Write\n?\s?`(?P<path>[^`]+)`:\n\n)?```(?P<kind>\w+)\n(?P<code>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
FAILS = "# fails"
HINT = "The value at b is missing from the sum."


def commands_of(code: str) -> Iterator[tuple[str, bool]]:
    """Yield each command of a block, and whether it is said to fail."""
    for line in code.splitlines():
        command, _, _ = line.partition(FAILS)
        yield command, FAILS in line


@pytest.fixture(scope="module")
def followed(
    tmp_path_factory: pytest.TempPathFactory, jupyter_environment: dict[str, str]
) -> Iterator[tuple[Path, dict[str, str]]]:
    """Follow the tutorial in an empty folder; return it, and what each command printed."""
    folder, printed = tmp_path_factory.mktemp("somebodys course"), {}
    for block in BLOCK.finditer(TUTORIAL):
        if block["kind"] == "python":
            (folder / block["path"]).write_text(block["code"], encoding="utf-8")
            continue
        for command, fails in commands_of(block["code"]):
            ended = subprocess.run(
                ["bash", "-c", command],  # noqa: S607 - as the reader of the page has it
                cwd=folder,
                env=jupyter_environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ended.returncode == int(fails), f"{command}\n{ended.stdout}\n{ended.stderr}"
            printed[command.strip()] = ended.stdout
    yield folder, printed
    shutil.rmtree(folder)


def test_a_check_is_seen_to_fail(followed: tuple[Path, dict[str, str]]) -> None:
    """The author reads the message of a check that fails on the mistake they have written."""
    (output,) = (text for command, text in followed[1].items() if "--submission" in command)
    assert "The answer is not right: its error is" in output
    assert re.search(r"[1-9] failed", output)


def test_what_is_new_is_fair(followed: tuple[Path, dict[str, str]]) -> None:
    """The assignment that `numgrade new` makes holds, with the mistake that was added."""
    output = followed[1]["numgrade verify quadrature"]
    assert "8 mistakes" in output
    assert "FAILS" not in output


def test_the_class_is_graded(followed: tuple[Path, dict[str, str]]) -> None:
    """Ada has full marks, Bob has none and reads the hint that his instructor wrote."""
    folder, _ = followed
    lines = (folder / ".numgrade/results/quadrature.jsonl").read_bytes().splitlines()
    results = {each.student: each for each in (SubmissionResult.from_json(line) for line in lines)}
    assert results["ada"].score == 4
    assert results["bob"].score == 0
    assert [each.diagnosis for each in results["bob"].exercises] == ["last-value-missing"]
    assert HINT in (folder / "feedback/bob/quadrature/quadrature.html").read_text(encoding="utf-8")


def test_its_marks_and_its_report_are_there(followed: tuple[Path, dict[str, str]]) -> None:
    """The table of marks and the report hold both students."""
    folder, _ = followed
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        marks = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert marks == {"ada": 4, "bob": 0}
    report = (folder / "report/quadrature.html").read_text(encoding="utf-8")
    assert "last-value-missing" in report
