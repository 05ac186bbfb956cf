"""Mutants are small, wrong, and of what the checks ask for; each is killed, or proven the same."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import assignment_in, run_suite, write_course
from numgrade.candidates import Candidate
from numgrade.errors import CourseError
from numgrade.mutant_trials import ENOUGH_SEEDS, MutantTrial, try_mutants
from numgrade.mutants import FAIR_MUTANTS, mutants_of, read_fair_mutants

if TYPE_CHECKING:
    from pathlib import Path

    from numgrade.checks import Suite

CHECKS = {
    "double": '''
@pytest.mark.points(2)
def test_value(student, rng):
    """Twice the number comes out."""
    x = rng.uniform(3, 4)
    assert student.double(x) == 2 * x
'''
}


def changes_of(source: str, *names: str) -> set[str]:
    """Return what the mutants of some names change, in words and without the definition's name."""
    mutants = mutants_of(source, names or ("f",))
    return {mutant.name.partition(": ")[2] for mutant in mutants}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return x + h", {"x + h -> x - h"}),
        ("return x * h", {"x * h -> x / h", "x * h -> x + h"}),
        ("return x < h", {"x < h -> x <= h", "x < h -> x >= h"}),
        ("return x and h", {"x and h -> x or h"}),
        ("return not x", {"not x -> not not x"}),
        ("return -x", {"-x -> +x"}),
        ("return x[0]", {"0 -> 1", "0 -> -1"}),
        ("return 2.5", {"2.5 -> 3.5", "2.5 -> -2.5"}),
        ("return True", {"True -> False"}),
        ("return 'a'", {"'a' -> 'ax'"}),
        ("return g(x, axis=h)", {"g(x, axis=h) -> g(x)"}),
        (
            "return range(h)",
            {
                "range(h) -> range(0, h - 1)",
                "range(h) -> range(0, h + 1)",
                "range(h) -> range(1, h)",
            },
        ),
        ("x += h\n    return x", {"x += h -> x -= h", "without x += h"}),
        ("x = h\n    return x", {"without x = h"}),
    ],
)
def test_the_classical_operators(body: str, expected: set[str]) -> None:
    """Operators, comparisons, constants, indices, bounds, keywords and statements are changed."""
    assert changes_of(f"def f(x, h):\n    {body}\n") == expected


def test_what_does_nothing_is_left_alone() -> None:
    """Docstrings, annotations, decorators and imports decide nothing: no mutant differs there."""
    source = (
        '"""Of 1 module."""\nfrom m import d\n\n@d(1)\ndef f(x: "int" = None) -> "a":\n'
        '    """Return 2."""\n    return x\n'
    )
    assert changes_of(source) == set()


def test_defaults_are_changed() -> None:
    """A default is a constant that checks can see."""
    assert changes_of("def f(x, n=10):\n    return x\n") == {"10 -> 11", "10 -> 9"}


def test_what_a_function_uses_counts_and_nothing_else() -> None:
    """A helper and a constant of the module are mutated for the function that uses them."""
    source = "K = 3\ndef g(x):\n    return x + K\ndef f(x):\n    return g(x)\n"
    source += "def other():\n    return 1\n"
    names = {mutant.name for mutant in mutants_of(source, ["f"])}
    assert names == {"K: 3 -> 4", "K: 3 -> 2", "g: x + K -> x - K"}


def test_a_mutant_is_the_module_but_for_one_place() -> None:
    """Mutants do not add up: each starts from the reference, and only one line differs."""
    source = "def f(x):\n    y = x + 1\n    return y * 2\n"
    original = ast.unparse(ast.parse(source)).splitlines()
    for mutant in mutants_of(source, ["f"]):
        lines = mutant.source.splitlines()
        assert sum(a != b for a, b in zip(original, lines, strict=True)) == 1, mutant.name


def test_equal_changes_are_told_apart() -> None:
    """Two mutants never share a name: an author must be able to speak of one."""
    names = [mutant.name for mutant in mutants_of("def f(x):\n    return x[0] + x[0]\n", ["f"])]
    assert len(names) == len(set(names))
    assert "f: 0 -> 1 (2)" in names


@pytest.mark.parametrize("text", ["not toml", '"f: 1 -> 2" = ""', '"f: 1 -> 2" = 3'])
def test_a_mutant_is_declared_fair_with_a_reason(tmp_path: Path, text: str) -> None:
    """A declaration without a sentence, or a spoilt file, is refused with the file's name."""
    (tmp_path / FAIR_MUTANTS).write_text(text)
    with pytest.raises(CourseError, match=FAIR_MUTANTS):
        read_fair_mutants(tmp_path)


def test_no_mutant_needs_to_be_declared_fair(tmp_path: Path) -> None:
    """Without the file nothing is declared; with it, names lead to reasons."""
    assert read_fair_mutants(tmp_path) == {}
    (tmp_path / FAIR_MUTANTS).write_text('"f: 1 -> 2" = "As good."\n')
    assert read_fair_mutants(tmp_path) == {"f: 1 -> 2": "As good."}


def tried(root: Path, *sources: str) -> list[MutantTrial]:
    """Try mutants with the given code, all of them of a function that doubles a number."""
    write_course(root, CHECKS, {"double": 2}, "def double(x):\n    return 2 * x\n")
    reference = Candidate("reference", "double", "reference", "def double(x):\n    return 2 * x\n")
    mutants = [Candidate("mutant", "double", str(at), text) for at, text in enumerate(sources)]
    found: list[MutantTrial] = []

    def drive(suite: Suite) -> None:
        found.extend(try_mutants(suite, suite.checks, mutants, reference, 30))

    run_suite(assignment_in(root), drive)
    return found


def test_mutants_end_killed_equivalent_or_alive(tmp_path: Path) -> None:
    """Wrong answers kill, the same answers prove, and by the draw or in another type is alive."""
    wrong, same, draw, other_type, raises, no_module = tried(
        tmp_path,
        "def double(x):\n    return 2 + x\n",
        "def double(x):\n    return x + x\n",
        "def double(x):\n    return 2 * x if x < 3.5 else x\n",
        "import numpy as np\ndef double(x):\n    return np.float64(2 * x)\n",
        "def double(x):\n    return y\n",
        "def double(x:\n",
    )
    assert wrong.is_killed
    assert wrong.seeds == ENOUGH_SEEDS
    assert raises.is_killed
    assert no_module.is_killed
    assert same.is_equivalent
    assert same.seeds == 30
    assert not draw.is_killed
    assert not draw.is_equivalent
    assert 0 < draw.kills < draw.seeds
    assert not other_type.is_killed
    assert not other_type.is_equivalent


def test_a_mutant_that_hangs_is_killed(tmp_path: Path) -> None:
    """A loop without end is cut off, even one that catches exceptions, and costs one seed."""
    (hanging,) = tried(
        tmp_path,
        "def double(x):\n    n = 0\n    while n < 2:\n        try:\n            while True:\n"
        "                pass\n        except Exception:\n            n += 1\n    while True:\n"
        "        pass\n",
    )
    assert hanging.is_killed
    assert hanging.seeds == 1
