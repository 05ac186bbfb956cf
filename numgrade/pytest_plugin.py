"""The pytest plugin: the fixtures of hidden checks.

An author needs nothing but pytest: `pytest tests/calculus` checks the reference itself, with
`--submission FILE` a notebook or a plain Python file. When numgrade grades a class it sets the
subject itself; see `numgrade.checks`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pytest
from numpy.random.bit_generator import ISeedSequence

from numgrade.local import LocalStudent, load_module

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from numpy.typing import DTypeLike


class Subject(Protocol):
    """Whose code is checked, and the seed of the inputs that are drawn for it."""

    seed: bytes

    def student(self, exercise: str) -> Any:  # noqa: ANN401 - Student or LocalStudent
        """Return the `student` object for one check, and start that check's clock."""

    def close(self) -> None:
        """End the processes that belong to the subject."""


class ReferenceSubject:
    """The reference in the student's place.

    Parameters
    ----------
    reference : module
        The reference implementation.
    seed : bytes
        Seed of the drawn inputs.
    """

    def __init__(self, reference: ModuleType, seed: bytes = b"reference") -> None:
        self.seed = seed
        self._reference = reference

    def student(self, exercise: str) -> LocalStudent:  # noqa: ARG002 - as the protocol has it
        """Return a `student` that is the reference."""
        return LocalStudent(vars(self._reference))

    def close(self) -> None:
        """There is nothing to end."""


SUBJECT: pytest.StashKey[Subject] = pytest.StashKey()
_FULL_NAME: pytest.StashKey[str] = pytest.StashKey()
_REFERENCES: pytest.StashKey[dict[Path, ModuleType]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--submission`."""
    group = parser.getgroup("numgrade")
    group.addoption(
        "--submission",
        metavar="FILE",
        help="check this notebook or Python file, in the sandbox, instead of the reference",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks of checks."""
    config.addinivalue_line("markers", "points(n): what the check is worth in its grade cell")
    config.addinivalue_line(
        "markers", 'tells(what): what a student is told of a failure: "name", "hint" or "values"'
    )
    config.stash[_REFERENCES] = {}


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the processes of the subject, if there are any."""
    subject = config.stash.get(SUBJECT, None)
    if subject is not None:
        subject.close()


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """Return the reference implementation of the assignment, reference/<assignment>.py."""
    return reference_of(request.node)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Return a generator seeded for this student and this check."""
    return rng_of(request.node, _subject(request).seed)


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Any:  # noqa: ANN401 - Student or LocalStudent
    """Return the object whose attributes are the student's functions."""
    return _subject(request).student(exercise_of(request.node))


def exercise_of(item: pytest.Item) -> str:
    """Return the exercise that a check scores: its file is test_<exercise>.py."""
    return item.path.stem.removeprefix("test_")


def name_of(item: pytest.Item) -> str:
    """Return the name of a check within its file, with its class and its parameters."""
    return item.nodeid.partition("::")[2]


def reference_of(item: pytest.Item) -> ModuleType:
    """Return the reference for the check; the course's layout says where it lies."""
    known = item.config.stash[_REFERENCES]
    if item.path not in known:
        folder = item.path.parent
        path = folder.parents[1] / "reference" / f"{folder.name}.py"
        same = (module for file, module in known.items() if file.parent == folder)
        known[item.path] = next(same, None) or load_module(path, f"numgrade_reference_{path.stem}")
    return known[item.path]


def rng_of(item: pytest.Item, seed: bytes) -> np.random.Generator:
    """Return the generator of a check: adding a check to a file shifts no other's inputs."""
    name = item.stash.get(_FULL_NAME, "")
    if not name:
        name = f"{item.path.parent.name}/{item.path.name}::{name_of(item)}"
        item.stash[_FULL_NAME] = name
    digest = hashlib.sha256(seed + b"\0" + name.encode()).digest()
    return np.random.Generator(np.random.PCG64(_Words(digest)))  # type: ignore[arg-type]


class _Words(ISeedSequence):
    """Gives a generator the words of a digest for its first state.

    NumPy's own SeedSequence makes such words out of a seed that need not be random; those of a
    digest are, and there are as many of them.
    """

    def __init__(self, digest: bytes) -> None:
        self._words = np.frombuffer(digest, "<u8")

    def generate_state(
        self, n_words: int, dtype: DTypeLike = np.uint64
    ) -> np.ndarray[Any, np.dtype[np.uint32 | np.uint64]]:
        """Return the words; PCG64 asks for as many as there are."""
        assert (n_words, dtype) == (self._words.size, np.uint64)  # noqa: S101 - it asks for no others
        return self._words


def _subject(request: pytest.FixtureRequest) -> Subject:
    """Return whose code is checked: what numgrade has set, a submission, or else the reference."""
    config, item = request.config, request.node
    if SUBJECT in config.stash:
        return config.stash[SUBJECT]
    file = config.getoption("--submission")
    if not file:  # not kept: the checks of several assignments may run in one session
        return ReferenceSubject(reference_of(item))
    # Imported here: an author who checks the reference needs no sandbox.
    from numgrade.preparation import subject_of_file  # noqa: PLC0415

    assignment, root = item.path.parent.name, item.path.parents[2]
    path = config.invocation_params.dir / file
    config.stash[SUBJECT] = subject_of_file(path, root, assignment)
    return config.stash[SUBJECT]
