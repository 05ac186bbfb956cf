"""Every sandbox, whatever its level: what it promises beside the canary's song."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from meta_tests.spine import assignment_in, grade_here, notebook, said, write_course
from numgrade.errors import InfrastructureError
from numgrade.sandbox import Sandbox
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    from pathlib import Path

    from numgrade.control import Level

pytest_plugins = ["meta_tests.spine"]

LIMITS = LimitValues(memory_mb=128, scratch_mb=1)
CHECK = """
@pytest.mark.points(1)
def test_value(student):
    assert student.double(2.0) == 4.0
"""
RIGHT = "def double(x):\n    return 2 * x\n"
LEAVE = """
import builtins, os, random, sys, threading, time, types, warnings
import numpy as np

try:
    open("left", "w").write("left")
except PermissionError:
    pass
os.environ["LEFT"] = "left"
np.random.seed(1)
random.seed(1)
sys.modules["left"] = types.ModuleType("left")
builtins.left = np.left = left = "left"
np.set_printoptions(precision=1)
warnings.filterwarnings("error", "left")
thread = threading.Thread(target=time.sleep, args=[1000], name="left", daemon=True)
thread.start()
"""
LOOK = """
import builtins, json, os, random, sys, threading, warnings
import numpy as np

print(json.dumps({
    "file": os.path.exists("left"),
    "environment": "LEFT" in os.environ,
    "generator of NumPy": bool(
        (np.random.get_state()[1] == np.random.RandomState(1).get_state()[1]).all()
    ),
    "generator of Python": random.getstate() == random.Random(1).getstate(),
    "module": "left" in sys.modules,
    "name": "left" in globals(),
    "builtin": hasattr(builtins, "left"),
    "attribute": hasattr(np, "left"),
    "option": np.get_printoptions()["precision"] == 1,
    "filter": any(getattr(each[1], "pattern", "") == "left" for each in warnings.filters),
    "thread": any(each.name == "left" for each in threading.enumerate()),
    "history": any("LEFT" in cell for cell in In[:-1]),
}))
"""
TRACES = [
    *("file", "environment", "generator of NumPy", "generator of Python", "module", "name"),
    *("builtin", "attribute", "option", "filter", "thread", "history"),
]


@pytest.mark.parametrize("level", ["A", "B", "C"])
def test_a_lost_zygote_is_known_at_once(level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even while bubblewrap, which started it, has not ended: one submission alone notices."""
    with Sandbox(level, LIMITS) as lost:
        lost.spawn().kill()
        assert lost.alive
        lost._process.kill()
        lost._process.wait()
        monkeypatch.setattr(lost._process, "poll", lambda: None)
        with pytest.raises(InfrastructureError, match="zygote does not answer"):
            lost.spawn()
        assert not lost.alive


@pytest.mark.parametrize(
    ("level", "sentence"),
    [
        ("A", "in a sandbox (level A): its own file system"),
        ("B", "in a sandbox (level B): no access to files"),
        ("C", "with limited time and memory only (level C), without a full sandbox"),
    ],
)
def test_records_and_pages_name_the_protection(tmp_path: Path, level: Level, sentence: str) -> None:
    """Whoever reads a result learns under which protection it came about."""
    root = write_course(tmp_path, {"double": CHECK}, {"double": 1}, RIGHT)
    with Sandbox(level, LIMITS) as sandbox:
        graded = grade_here(assignment_in(root), sandbox, {"s": notebook(root, double=RIGHT)})["s"]
    assert graded.result.score == 1
    assert graded.result.protection == level
    assert f"Your code ran {sentence}" in (graded.feedback or "")


@pytest.fixture(scope="module", params=["A", "B"])
def traces(request: pytest.FixtureRequest) -> tuple[Level, list[dict[str, bool]]]:
    """Return the level, and the traces of one worker that it and two workers after it find."""
    level: Level = request.param
    with Sandbox(level, LIMITS) as sandbox:
        first = sandbox.spawn()
        said(first, LEAVE)
        found = [said(first, LOOK)]
        first.kill()
        for _ in range(2):
            worker = sandbox.spawn()
            found.append(said(worker, LOOK))
            worker.kill()
    return level, [msgspec.json.decode(text, type=dict[str, bool]) for text in found]


@pytest.mark.parametrize("trace", TRACES)
def test_a_worker_finds_nothing_of_the_one_before(
    traces: tuple[Level, list[dict[str, bool]]], trace: str
) -> None:
    """Whatever a submission leaves ends with it. It finds it itself, so the search is one."""
    level, (own, *later) = traces
    assert own[trace] == ((level, trace) != ("B", "file"))  # where nothing can be written
    assert not any(found[trace] for found in later)


@pytest.mark.parametrize("level", ["A", "B"])
def test_workers_do_not_share_their_chance(level: Level) -> None:
    """The generators of two forks of one zygote start from different states."""
    source = "import random\nimport numpy as np\nprint(random.random(), np.random.random())"
    drawn = []
    with Sandbox(level, LIMITS) as sandbox:
        for _ in range(3):
            worker = sandbox.spawn()
            drawn += said(worker, source).split()
            worker.kill()
    assert len({*drawn}) == 6
