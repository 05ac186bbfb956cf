"""A kernel that refuses a layer: the next level takes over, and none is claimed that lacks one."""

from __future__ import annotations

import subprocess
import sys

import pytest

REFUSING = """
import errno
from seccompy import Action, ArgCmp, CmpOp, Filter
from numgrade.errors import InfrastructureError
from numgrade.protection import open_sandbox
from numgrade.settings import LimitValues

NEW_USER = 0x10000000
kernel = Filter(default=Action.ALLOW)
for call in {refused!r}:
    if call == "user namespaces":
        flag = ArgCmp(0, CmpOp.MASKED_EQ, NEW_USER, mask=NEW_USER)
        kernel.errno("unshare", errno.EPERM, args=[flag])
        kernel.errno("clone", errno.EPERM, args=[flag])
        kernel.errno("clone3", errno.ENOSYS)
    else:
        kernel.errno(call, errno.ENOSYS)
kernel.load()
try:
    with open_sandbox(LimitValues(), allow_weak={weak}) as sandbox:
        worker = sandbox.spawn()
        print(sandbox.level, *worker.layers)
        worker.kill()
except InfrastructureError as error:
    print("refused:", " ".join(str(error).split()))
"""

pytest_plugins = ["meta_tests.spine"]  # so that these tests run without rights, too


def opened(*refused: str, weak: bool = False) -> str:
    """Open the best sandbox on a kernel that refuses some calls; return what came of it."""
    program = REFUSING.format(refused=refused, weak=weak)
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_all_layers_hold_here() -> None:
    """Where nothing is refused, level A holds, with all of its layers."""
    assert opened() == "A namespaces limits landlock seccomp"


def test_without_user_namespaces_level_b_takes_over() -> None:
    """It needs none, and says so in its layers."""
    assert opened("user namespaces") == "B limits landlock seccomp"


@pytest.mark.parametrize("call", ["landlock_create_ruleset", "landlock_restrict_self"])
def test_without_landlock_nothing_is_graded(call: str) -> None:
    """Neither A nor B goes on without the layer; only who asks for it gets limits alone."""
    assert opened(call).startswith("refused: No protection level holds on this machine")
    assert opened(call, weak=True) == "C limits"
