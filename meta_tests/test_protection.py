"""A level of protection is what a canary could not do, and grading never runs below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NoReturn

import pytest

from numgrade import protection, rootfs, sandbox
from numgrade.errors import InfrastructureError
from numgrade.protection import ATTEMPTS, LEVELS, Finding, examine, open_sandbox, survey
from numgrade.sandbox import Sandbox
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMITS = LimitValues(memory_mb=128, scratch_mb=1)


@pytest.fixture(scope="module")
def findings() -> dict[str, Finding]:
    """Return what a canary could do at each level of this machine."""
    return {finding.level: finding for finding in survey(LIMITS)}


@pytest.fixture(scope="module")
def b_sandbox() -> Iterator[Sandbox]:
    """Return a sandbox at level B."""
    with Sandbox("B", LIMITS) as opened:
        yield opened


@pytest.fixture
def no_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take bubblewrap away."""

    def find() -> NoReturn:
        raise InfrastructureError("bubblewrap is not installed: `apt-get install bubblewrap`")

    monkeypatch.setattr(rootfs, "find_bubblewrap", find)


def leaking(*attempts: str) -> Callable[[Sandbox], Finding]:
    """Return an examination in which the canary could do some things."""
    return lambda sandbox: Finding(sandbox.level, (), attempts)


def test_all_levels_are_surveyed(findings: dict[str, Finding]) -> None:
    """Every level is tried, and each names the layers that its worker applied to itself."""
    assert tuple(findings) == LEVELS
    assert findings["A"].layers == ("namespaces", "limits", "landlock", "seccomp")
    assert findings["B"].layers == ("limits", "landlock", "seccomp")
    assert findings["C"].layers == ("limits",)


def test_at_level_a_a_canary_can_do_nothing(findings: dict[str, Finding]) -> None:
    """It reads, writes, reaches, starts and signals nothing."""
    assert findings["A"].holds
    assert findings["A"].succeeded == ()


def test_at_level_b_a_canary_sees_no_more_than_names(findings: dict[str, Finding]) -> None:
    """Landlock does not cover stat; all else is refused."""
    assert findings["B"].holds
    assert findings["B"].succeeded == ("stat",)


def test_at_level_c_the_canary_shows_that_it_can_sing(findings: dict[str, Finding]) -> None:
    """Where nothing prevents them the attempts succeed: elsewhere it is the sandbox that does."""
    # Whether a process may read another's memory also depends on the kernel's own settings.
    assert set(findings["C"].succeeded) | {"memory"} == set(ATTEMPTS)


@pytest.mark.parametrize(
    ("level", "succeeded", "problem", "holds"),
    [
        ("A", (), "", True),
        ("A", ("stat",), "", False),
        ("A", (), "no namespaces", False),
        ("B", ("stat",), "", True),
        ("B", ("stat", "read"), "", False),
        *[("B", (attempt,), "", attempt == "stat") for attempt in ATTEMPTS],
    ],
)
def test_a_level_holds_if_it_keeps_its_promise(
    level: Literal["A", "B"],
    succeeded: tuple[str, ...],
    problem: str,
    holds: bool,  # noqa: FBT001 - the expected value
) -> None:
    """One attempt that should have failed, or one level that did not start, is enough."""
    assert Finding(level, (), succeeded, problem).holds is holds


def test_the_best_level_that_holds_is_taken() -> None:
    """On a machine where level A holds, that is what grading gets."""
    with open_sandbox(LIMITS, allow_weak=False) as opened:
        assert opened.level == "A"
        worker = opened.spawn()
        assert "seccomp" in worker.layers
        worker.kill()


@pytest.mark.usefixtures("no_bubblewrap")
def test_level_b_takes_over_without_bubblewrap() -> None:
    """What needs nothing installed holds as well, and is what grading gets then."""
    with open_sandbox(LIMITS, allow_weak=False) as opened:
        assert opened.level == "B"


@pytest.mark.usefixtures("no_bubblewrap")
def test_a_level_that_leaks_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """When none holds nothing is graded, and the message says what failed at each level."""
    monkeypatch.setattr(protection, "examine", leaking("read", "stat"))
    with pytest.raises(InfrastructureError) as refusal:
        open_sandbox(LIMITS, allow_weak=False)
    message = str(refusal.value)
    assert "No protection level holds on this machine, so nothing was graded." in message
    assert "level A: bubblewrap is not installed: `apt-get install bubblewrap`" in message
    assert "level B: a canary could read" in message
    assert "stat" not in message
    assert "level C" not in message
    assert "numgrade doctor" in message
    assert "--allow-weak-sandbox" in message


@pytest.mark.usefixtures("no_bubblewrap")
def test_level_c_is_taken_only_where_it_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resource limits alone are never a fallback that nobody asked for."""
    with pytest.raises(InfrastructureError):
        open_sandbox(LIMITS, allow_weak=False, levels=["C"])
    monkeypatch.setattr(protection, "examine", leaking(*ATTEMPTS))
    with open_sandbox(LIMITS, allow_weak=True) as opened:
        assert opened.level == "C"


def test_a_zygote_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """The complaint of the process that fell over is part of the message."""
    monkeypatch.setattr(sandbox, "_START", "raise SystemExit('no such thing')")
    with pytest.raises(InfrastructureError, match="does not start at protection level B: no such"):
        Sandbox("B", LIMITS)


@pytest.mark.parametrize(
    "canary",
    ["import os; os._exit(0)", "1 / 0", "x = 1", "import time; time.sleep(60)"],
    ids=["exits", "raises", "is silent", "sleeps"],
)
def test_a_canary_without_a_song_is_no_proof(
    b_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, canary: str
) -> None:
    """A level at which the canary dies, fails or says nothing does not count as holding."""
    monkeypatch.setattr(protection, "_CANARY", canary)
    monkeypatch.setattr(protection, "_SECONDS", 0.5)
    finding = examine(b_sandbox)
    assert not finding.holds
    assert finding.problem


def test_a_sandbox_leaves_nothing_behind() -> None:
    """Closing ends the zygote and removes its folder, workers in it or not."""
    opened = Sandbox("B", LIMITS)
    worker = opened.spawn()
    folder = opened._scratch_path()
    assert folder.is_dir()
    worker.kill()
    opened.close()
    assert not opened.alive
    assert not folder.parent.exists()
