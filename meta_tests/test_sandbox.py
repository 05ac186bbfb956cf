"""Workers are started confined, end when they are told to, and leave nothing in the grader."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from meta_tests.spine import said
from numgrade.errors import InfrastructureError
from numgrade.protocol import RunCell
from numgrade.sandbox import _MODULES, Sandbox
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numgrade.control import Level

pytest_plugins = ["meta_tests.spine"]

LAYERS = {
    "A": ["namespaces", "limits", "landlock", "seccomp"],
    "B": ["limits", "landlock", "seccomp"],
}
LIMITS = LimitValues(submission_seconds=1, memory_mb=128, scratch_mb=1)


DESCRIPTORS = """
import os
for number in range(300):
    try:
        os.fstat(number)
    except OSError:
        continue
    print(number)
"""


@pytest.fixture(scope="module", params=["A", "B"])
def own_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Return a sandbox at each level that is fit for grading."""
    level: Level = request.param
    with Sandbox(level, LIMITS) as opened:
        yield opened


def test_a_worker_is_confined_before_it_runs_anything(own_sandbox: Sandbox) -> None:
    """It names its layers in its first words, and holds the channel and nothing else."""
    worker = own_sandbox.spawn()
    assert worker.layers == LAYERS[own_sandbox.level]
    assert said(worker, DESCRIPTORS).split() == ["0", "1", "2", "3"]
    worker.kill()


def test_a_worker_sees_the_modules_that_it_needs_alone(own_sandbox: Sandbox) -> None:
    """Of this package nothing is there that knows a check or a mark."""
    worker = own_sandbox.spawn()
    source = "import os, numgrade\nprint(*os.listdir(os.path.dirname(numgrade.__file__)))"
    files = {name for name in said(worker, source).split() if name.endswith(".py")}
    assert files == {f"{name}.py" for name in _MODULES}
    variables = {*said(worker, "print(*os.environ)").split()}
    threads = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"}
    assert variables - threads - {"LC_CTYPE", "PWD", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"} == {
        "HOME",
        "LANG",
        "MPLBACKEND",
        "MALLOC_ARENA_MAX",
        "MPLCONFIGDIR",
    }
    worker.kill()


def test_workers_end_when_they_are_killed(own_sandbox: Sandbox) -> None:
    """The wait status says how; killing again says the same; no descriptor stays open."""
    own_sandbox.spawn().kill()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - descriptors, not files
    for _ in range(10):
        worker = own_sandbox.spawn()
        ended = worker.kill()
        assert os.WTERMSIG(ended.status) == signal.SIGKILL
        assert worker.kill() is ended
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_worker_that_hangs_up_is_given_a_moment(own_sandbox: Sandbox) -> None:
    """Its own exit status is seen, not that of our kill."""
    worker = own_sandbox.spawn()
    worker.channel.send(RunCell(1, "import os; os._exit(7)", render_figures=False, output_bytes=0))
    assert os.waitstatus_to_exitcode(worker.wait(5).status) == 7


def test_processor_time_is_bounded_by_the_kernel(own_sandbox: Sandbox) -> None:
    """A loop whose grader looks away is killed when its time of a submission is used up."""
    worker = own_sandbox.spawn()
    worker.channel.deadline = time.monotonic() + 20
    loop = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True:\n    pass"
    worker.channel.send(RunCell(1, loop, render_figures=False, output_bytes=0))
    with pytest.raises(ConnectionError):
        worker.channel.receive_reply()
    ended = worker.wait(5)
    assert os.WIFSIGNALED(ended.status)
    assert 0.5 < ended.cpu_seconds < 4


def test_each_worker_has_a_scratch_folder_of_its_own(own_sandbox: Sandbox) -> None:
    """What one worker wrote the next does not find; at level B there is nothing to write to."""
    first = own_sandbox.spawn()
    writes = "try:\n    open('note', 'w').write('x')\nexcept PermissionError:\n    print('refused')"
    refused = own_sandbox.level == "B"
    assert said(first, writes).split() == ["refused"] * refused
    assert said(first, "import os\nprint(*os.listdir())").split() == ["note"] * (not refused)
    first.kill()
    second = own_sandbox.spawn()
    assert said(second, "import os\nprint(*os.listdir())").split() == []
    second.kill()


def test_a_lost_zygote_is_our_failure(own_sandbox: Sandbox) -> None:
    """Nothing can be spawned or reaped any more, and the sandbox says that it is gone."""
    with Sandbox(own_sandbox.level, LIMITS) as lost:
        worker = lost.spawn()
        lost._process.kill()
        lost._process.wait()
        assert not lost.alive
        with pytest.raises(InfrastructureError, match="zygote does not answer"):
            lost.spawn()
        with pytest.raises(InfrastructureError, match="zygote does not answer"):
            worker.kill()
