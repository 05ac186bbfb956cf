"""`numgrade new`: a small assignment that is complete, for its author to rewrite."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.converters import GenerateAssignment
from nbgrader.utils import capture_log

from numgrade.course import CONFIGURATION, Course
from numgrade.errors import CourseError
from numgrade.registration import prepare_database

if TYPE_CHECKING:
    from collections.abc import Iterator

EXERCISE = "simpson"
"""The one exercise of a new assignment; its author replaces it."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_TEMPLATES = files("numgrade") / "templates" / "new"


def new_assignment(root: Path, name: str) -> list[Path]:
    """Make an assignment that can be verified and graded at once; in a new folder, a course too.

    Parameters
    ----------
    root : pathlib.Path
        The course's folder. If it does not exist, or has no nbgrader_config.py, it becomes one.
    name : str
        The assignment's name.

    Returns
    -------
    list of pathlib.Path
        The files and folders that were made, all or none of them.

    Raises
    ------
    CourseError
        If the name cannot be one, something of that name exists, or nbgrader cannot make the
        release.
    """
    _check_name(name)
    root = root.resolve()
    root.mkdir(exist_ok=True)
    with _staging(root) as staging, as_file(_TEMPLATES) as templates:
        made = [] if (root / CONFIGURATION).exists() else _write_course(templates, staging, root)
        if not made:
            shutil.copy(root / CONFIGURATION, staging)
        course = Course.load(staging)
        made += _write_assignment(templates, course, name)
        _refuse_to_overwrite(root, made)
        _generate_release(course, name)
        _move(staging, root, made)
    return [root / path for path in made]


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise CourseError(
            f"{name!r} cannot be an assignment's name: use letters, digits, _ and -, a letter "
            "first, as in quadrature or week-3"
        )


@contextmanager
def _staging(root: Path) -> Iterator[Path]:
    """Give a folder beside the real ones: what is whole is moved there in no time."""
    folder = Path(tempfile.mkdtemp(prefix=".numgrade-new-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _write_course(templates: Path, staging: Path, root: Path) -> list[Path]:
    """Write what makes a folder a course, as far as the folder has no such file yet."""
    course_id = re.sub(r"[^A-Za-z0-9_.-]+", "-", root.name).strip("-.") or "course"
    _fill(templates / "course.py", staging / CONFIGURATION, "COURSE_NAME", course_id)
    made = [Path(CONFIGURATION)]
    if not (root / ".gitignore").exists():
        shutil.copyfile(templates / "ignored", staging / ".gitignore")
        made.append(Path(".gitignore"))
    if not (root / "autograded").exists():
        (staging / "autograded").mkdir()
        (staging / "autograded" / ".gitkeep").touch()
        made.append(Path("autograded"))
    return made


def _write_assignment(templates: Path, course: Course, name: str) -> list[Path]:
    """Write the files of an assignment, but for its release; return their places in a course."""
    source, release = course.folder_of_source(name), course.folder_of_release(name)
    checks, reference = course.checks(name), course.reference(name)
    if not all(path.is_relative_to(course.root) for path in (source, release)):
        raise CourseError(
            f"{CONFIGURATION} puts source or release outside the course's folder: copy an "
            "assignment by hand there"
        )
    places = {templates / "notebook.ipynb": source / f"{name}.ipynb"}
    places[templates / "reference.py"] = reference
    for path in sorted((templates / "checks").rglob("*.py")):
        places[path] = checks / path.relative_to(templates / "checks")
    for template, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _fill(template, path, "ASSIGNMENT_NAME", name)
    return [path.relative_to(course.root) for path in (source, release, reference, checks)]


def _fill(template: Path, path: Path, placeholder: str, name: str) -> None:
    text = template.read_text(encoding="utf-8").replace(placeholder, name)
    path.write_text(text, encoding="utf-8")


def _refuse_to_overwrite(root: Path, made: list[Path]) -> None:
    for path in made:
        if os.path.lexists(root / path):
            raise CourseError(
                f"{root / path} exists, and nothing is overwritten: choose another name"
            )


def _generate_release(course: Course, name: str) -> None:
    """Have nbgrader make the release, with a gradebook that is thrown away with the staging."""
    course.coursedir.db_url = f"sqlite:///{course.root / 'gradebook.db'}"
    course.coursedir.assignment_id = name
    prepare_database(course.db_url, course.coursedir.course_id)
    app = GenerateAssignment(coursedir=course.coursedir, config=course.config)
    app.create_assignment = True
    outcome = capture_log(app)
    if not outcome["success"]:
        # Its log where there is one; of an error that it did not expect, the last line.
        said = outcome.get("log", "").strip() or outcome["error"].strip().splitlines()[-1]
        raise CourseError(f"nbgrader could not make the release of {name}: {said}")


def _move(staging: Path, root: Path, made: list[Path]) -> None:
    """Move what was made to where it belongs; if that fails, move it back."""
    moved: list[Path] = []
    try:
        for path in made:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (staging / path).rename(root / path)
            moved.append(path)
    except BaseException:
        for path in moved:
            (root / path).rename(staging / path)
        raise
