"""A course on disk: where its files lie, its settings, its secret."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from numgrade.assignment import Assignment, digest_of_checks
from numgrade.errors import CourseError
from numgrade.files import folder_below, naming
from numgrade.settings import Limits, LimitValues

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIGURATION = "nbgrader_config.py"
_SECRET_BYTES = 32


class Course:
    """One course.

    Parameters
    ----------
    root : pathlib.Path
        The folder that holds nbgrader_config.py.
    config : traitlets.config.Config
        The loaded configuration.

    Attributes
    ----------
    coursedir : nbgrader.coursedir.CourseDirectory
        nbgrader's own view of the folders and of the database.
    limits : LimitValues
        Limits on student code.
    """

    def __init__(self, root: Path, config: Config) -> None:
        self.root = root
        self.config = config
        self.coursedir: Any = CourseDirectory(config=_rooted(config, root))
        try:
            self.limits: LimitValues = Limits.from_config(config)
        except TraitError as error:
            raise CourseError(f"{root / CONFIGURATION}: {error}") from error

    @classmethod
    def load(cls, root: Path, config: Config | None = None) -> Course:
        """Load the course in `root`; with `config` the file is not read again.

        Raises
        ------
        CourseError
            If there is no such folder, no configuration in it, or a configuration that fails.
        """
        root = root.resolve()
        if config is None:
            config = _read_configuration(root)
        return cls(root, config)

    @property
    def db_url(self) -> str:
        """The gradebook's address."""
        return str(self.coursedir.db_url)

    @property
    def state(self) -> Path:
        """The folder of generated state: results, the secret, locks."""
        return self.root / ".numgrade"

    @property
    def results(self) -> Path:
        """The folder of results.jsonl files."""
        return self.state / "results"

    @property
    def all_submitted(self) -> Path:
        """The folder that holds all submissions."""
        return self.root / str(self.coursedir.submitted_directory)

    @property
    def all_checks(self) -> Path:
        """The folder that holds the hidden checks of all assignments."""
        return self.root / "tests"

    def reference(self, assignment: str) -> Path:
        """Return the file of the reference implementation."""
        return self.root / "reference" / f"{assignment}.py"

    def checks(self, assignment: str) -> Path:
        """Return the folder of the hidden checks."""
        return self.all_checks / assignment

    def release(self, assignment: str) -> Path:
        """Return the released notebook.

        Raises
        ------
        CourseError
            If the assignment has not been released, or has several notebooks.
        """
        return _only_notebook(self.folder_of_release(assignment), assignment)

    def source(self, assignment: str) -> Path:
        """Return the instructor's notebook, with the solutions.

        Raises
        ------
        CourseError
            If there is none, or several.
        """
        return _only_notebook(self.folder_of_source(assignment), assignment)

    def folder_of_release(self, assignment: str) -> Path:
        """Return the folder of the released notebook, whether it exists or not."""
        return self._folder(str(self.coursedir.release_directory), ".", assignment)

    def folder_of_source(self, assignment: str) -> Path:
        """Return the folder of the instructor's notebook, whether it exists or not."""
        return self._folder(str(self.coursedir.source_directory), ".", assignment)

    def submitted(self, student: str, assignment: str) -> Path:
        """Return the folder of one submission."""
        return self._folder(str(self.coursedir.submitted_directory), student, assignment)

    def autograded(self, student: str, assignment: str) -> Path:
        """Return the folder of one graded notebook."""
        return self._folder(str(self.coursedir.autograded_directory), student, assignment)

    def feedback(self, student: str, assignment: str) -> Path:
        """Return the folder of one feedback page."""
        return self._folder(str(self.coursedir.feedback_directory), student, assignment)

    def students(self) -> list[str]:
        """Return the names of the folders in submitted/, sorted; hidden ones are nobody's."""
        folder = self.all_submitted
        if not folder.is_dir():
            return []
        return sorted(
            entry.name
            for entry in os.scandir(folder)
            # A link is not followed, but a submission that is one must not vanish unsaid.
            if (entry.is_dir(follow_symlinks=False) or entry.is_symlink())
            and not entry.name.startswith(".")  # what Jupyter, git and others leave behind
        )

    @contextlib.contextmanager
    def writable(self, path: Path, *, make: bool = True) -> Iterator[int]:
        """Open a folder of the course to write to; below the root no link is followed.

        Parameters
        ----------
        path : pathlib.Path
            The folder; a student's may lie elsewhere if nbgrader_config.py says so.
        make : bool, optional
            Whether to make what does not exist.

        Yields
        ------
        int
            The folder's descriptor.

        Raises
        ------
        CourseError
            If a link is in the way.
        FileNotFoundError
            If there is no such folder, and none is to be made.
        """
        top = self.root
        if not path.is_relative_to(top):
            top = path.parents[1]
            if make:
                top.mkdir(parents=True, exist_ok=True)
        with naming(path), contextlib.ExitStack() as stack:
            try:
                names = path.relative_to(top).parts
                folder = stack.enter_context(folder_below(top, names, make=make))
            except OSError as error:
                if error.errno != errno.ELOOP:
                    raise
                raise CourseError(
                    f"{path}: {error.strerror}, through which nothing is written; remove it, or "
                    "name the place where it leads in nbgrader_config.py (c.CourseDirectory)"
                ) from None
            yield folder

    def secret(self) -> bytes:
        """Return the secret from which seeds are derived; it is made at first use."""
        path = self.state / "secret"
        with (
            self.writable(self.state),
            contextlib.suppress(FileExistsError),
            open(path, "xb", opener=_private) as file,
        ):
            file.write(secrets.token_bytes(_SECRET_BYTES))
        secret = path.read_bytes()
        if len(secret) != _SECRET_BYTES:
            raise CourseError(
                f"{path} is damaged. Delete it and grade again: every student's inputs will change."
            )
        return secret

    def assignment(self, name: str) -> Assignment:
        """Return what a grader needs to know of an assignment.

        Raises
        ------
        CourseError
            If it has no release, checks or reference that can be read.
        """
        release, checks = self.release(name), self.checks(name)
        return Assignment(
            name=name,
            root=str(self.root),
            release=str(release),
            checks=str(checks),
            limits=self.limits,
            secret=self.secret(),
            checks_sha256=digest_of_checks(self.root, checks, self.reference(name), release),
        )

    def _folder(self, directory: str, student: str, assignment: str) -> Path:
        return Path(
            self.coursedir.format_path(
                directory, student_id=student, assignment_id=assignment, escape=False
            )
        )


def _only_notebook(folder: Path, assignment: str) -> Path:
    notebooks = sorted(folder.glob("*.ipynb"))
    if len(notebooks) != 1:
        found = "none" if not notebooks else ", ".join(path.name for path in notebooks)
        raise CourseError(
            f"{folder}: one notebook is expected, found {found}. "
            f"`nbgrader generate_assignment {assignment}` makes the release from the source."
        )
    return notebooks[0]


def _read_configuration(root: Path) -> Config:
    path = root / CONFIGURATION
    try:
        return PyFileConfigLoader(CONFIGURATION, path=str(root)).load_config()
    except ConfigFileNotFound:
        raise CourseError(
            f"{path} does not exist. Name the course's folder with --course DIR."
        ) from None
    except Exception as error:  # the file is Python: anything may come out of it
        raise CourseError(f"{path}: {type(error).__name__}: {error}") from error


def _rooted(config: Config, root: Path) -> Config:
    rooted = Config(config)
    rooted.CourseDirectory.root = str(root)
    return rooted


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
