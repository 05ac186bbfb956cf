"""The corpus of attacks: what `make attack` runs in full, and proof that it could fail."""

from __future__ import annotations

import pytest

from meta_tests.attacks import pages
from meta_tests.attacks.corpus import Attack, Cell, read_corpus
from meta_tests.attacks.harness import ENOUGH, run
from meta_tests.attacks.report import POINTS, SECRETS, THROUGH

pytest_plugins = ["meta_tests.spine"]  # so that these tests run without rights, too

CORPUS = {attack.path: attack for attack in read_corpus()}
FAMILIES = {
    *("callback", "escape", "forge", "memory", "neighbours", "network", "output"),
    *("processes", "read", "tamper", "time", "wire", "write"),
}
QUICK = [
    *("forge/numbers-that-lie", "network/tcp", "neighbours/traces", "output/script"),
    *("processes/signal-to-the-coordinator", "read/hidden-checks", "tamper/worker"),
    *("wire/answers-in-advance", "write/everywhere-else", "callback/products-of-points"),
]


def test_the_corpus_is_large_and_complete() -> None:
    """Each family is there, with several attacks, most of which both levels must withstand."""
    assert {attack.family for attack in CORPUS.values()} == FAMILIES
    for level in "AB":
        assert sum(level in attack.levels for attack in CORPUS.values()) >= ENOUGH
    for family in FAMILIES:
        assert sum(attack.family == family for attack in CORPUS.values()) >= 10


@pytest.mark.parametrize("level", ["A", "B"])
def test_attacks_come_to_nothing(level: str) -> None:
    """Some attacks of several families achieve nothing at either level."""
    report = run([CORPUS[path] for path in QUICK], level)  # type: ignore[arg-type] # A or B
    assert report.breaches == []
    assert report.broken == []
    assert report.total == len(QUICK)


def test_the_harness_sees_what_gets_through() -> None:
    """With resource limits alone, attackers reach sockets, files and processes: it is reported."""
    paths = ["network/tcp", "read/private-file-by-many-readers", "processes/programs"]
    report = run([CORPUS[path] for path in paths], "C")
    assert not report.holds
    assert {breach.attack for breach in report.breaches} == set(paths)
    assert report.count(SECRETS, "read") > 0
    assert report.count(THROUGH, "network") > 0


def test_points_and_broken_attacks_are_seen() -> None:
    """An attacker who gets marks for an attacked exercise is found, and one who stumbles, too."""
    right = "def derivative(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2 * h)\n"
    gains = Attack("forge", "solves-it", "", (Cell(right, exercise="derivative"),))
    stumbles = Attack("read", "stumbles", "", (Cell("no_such_name\n"),))
    report = run([gains, stumbles], "A")
    assert report.count(POINTS, "forge") == pytest.approx(4.0)
    assert [line.partition(":")[0] for line in report.broken] == ["read/stumbles"]


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<img src="http://127.0.0.1/beacon.png">',
        '<a href=" java\tscript:alert(1)">x</a>',
        "<svg onload=alert(1)>",
        '<iframe srcdoc="x"></iframe>',
        '<p style="background: url(http://127.0.0.1/x)">x</p>',
        "text\x1b[2J",
    ],
)
def test_the_inspector_of_pages_knows_what_runs(html: str) -> None:
    """Scripts, handlers, addresses that load by themselves and control characters are faults."""
    assert pages.faults_of_html(html)


def test_the_inspector_of_pages_lets_plain_pages_be() -> None:
    """Text, tables, links and pictures of the page itself are none."""
    harmless = (
        '<p>x &lt;script&gt;</p><table><tr><td style="text-align: right">1</td></tr></table>'
        '<a href="https://numpy.org">NumPy</a><img src="data:image/png;base64,AAAA">'
    )
    assert pages.faults_of_html(harmless) == []
