"""What a worker could find in its memory, which was its zygote's: nothing that is not for it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import (
    ASSIGNMENT,
    assignment_in,
    checks_of,
    grade_here,
    notebook,
    write_course,
)
from numgrade.sandbox import Sandbox
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    from pathlib import Path

    from numgrade.control import Level

pytest_plugins = ["meta_tests.spine"]

SCAN = '''
import ctypes, json, os, re, sys
import numpy as np

libc = ctypes.CDLL(None)
reader, writer = os.pipe()
PAGES = 65_536
kept = []

def scan(x):
    """Return the planted words in the mapped memory around what this process knows of.

    The kernel reads it: a write from memory that is not mapped is an error, not the end.
    """
    kept.append(x)
    here = [id(thing) for thing in (object(), np, [], x, "text", 10**30, os.environ, sys.modules)]
    here += [np.zeros(100).ctypes.data, np.zeros(10**6).ctypes.data]
    words = set()
    for region in sorted({address // 2**25 for address in here}):
        for start in range(region * 2**25, (region + 1) * 2**25, PAGES):
            count = libc.write(writer, ctypes.c_void_p(start), ctypes.c_size_t(PAGES))
            if count > 0:
                words.update(re.findall(rb"planted-[a-z]+-[0-9a-f]{16}", os.read(reader, count)))
    return json.dumps(sorted(word.decode() for word in words))
'''
CHECK = """
import json
import pathlib

SECRET = {check!r}
EXPECTED = np.array([ord(letter) for letter in {expected!r}], dtype=np.uint8)

@pytest.mark.points(1)
def test_scan(student, reference):
    assert EXPECTED.tobytes().decode() == {expected!r}
    assert reference.SECRET
    words = json.loads(student.scan({argument!r}))
    pathlib.Path({found!r}).write_text("\\n".join(words))
"""


@pytest.mark.parametrize("level", ["A", "B"])
def test_a_workers_memory_holds_what_it_was_told_alone(
    level: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of words planted in checks, reference, expected values and environment it finds none.

    It does find the word that a check passes to it, or the search would prove nothing.
    """
    kinds = ("check", "expected", "reference", "environment", "argument", "seed", "neighbour")
    planted = {kind: f"planted-{kind}-{secrets.token_hex(8)}" for kind in kinds}
    monkeypatch.setenv("NUMGRADE_PLANTED", planted["environment"])
    found = tmp_path / "found.txt"
    check = CHECK.format(**planted, found=str(found))
    reference = f"SECRET = {planted['reference']!r}\ndef scan(x):\n    return '[]'\n"
    root = write_course(tmp_path / "course", {"scan": check}, {"scan": 1}, reference)
    course = assignment_in(root, ASSIGNMENT, secret=planted["seed"].encode())
    mine = notebook(root, scan=SCAN)
    before = notebook(
        root, scan=f"mine = {planted['neighbour']!r}\ndef scan(x):\n    return '[]'\n"
    )
    with Sandbox(level, LimitValues()) as sandbox:
        graded = grade_here(course, sandbox, {"before": before, "mine": mine})
    assert checks_of(graded["mine"].result)["test_scan"].status == "passed"
    assert found.read_text().split() == [planted["argument"]]
