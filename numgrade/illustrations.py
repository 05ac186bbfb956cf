"""Pictures on feedback pages, drawn from a student's own answers on public inputs.

tests/<assignment>/illustrations.py holds a function a picture. They run when the checks are over:
no mark and no diagnosis depends on them, they have little time, and a process that ends meanwhile
is not replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec
from markupsafe import Markup

from numgrade.errors import InfrastructureError, StudentError
from numgrade.local import LocalStudent, load_module
from numgrade.plot_svg import as_figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import ModuleType

    from numgrade.plots import Plot
    from numgrade.student import Student

    Illustration: TypeAlias = Callable[[Student | LocalStudent, ModuleType], Plot]

FILE = "illustrations.py"
SECONDS = 1.0
"""Wall time of all pictures of a submission."""

_EXERCISE = "_numgrade_exercise"

Function = TypeVar("Function", bound="Callable[..., Plot]")


def illustrates(exercise: str) -> Callable[[Function], Function]:
    """Mark a function that illustrates an exercise, in tests/<assignment>/illustrations.py.

    It takes `student` and `reference`, as checks do, and returns a plot of `numgrade.plots`. Its
    docstring's first line stands below the picture. Inputs and answers are shown to students: take
    public ones. It is left out if the student's function gives no answer, or one that cannot be
    drawn.

    Parameters
    ----------
    exercise : str
        The grade cell below whose checks the picture stands.
    """

    def mark(function: Function) -> Function:
        setattr(function, _EXERCISE, exercise)
        return function

    return mark


class Pictures(msgspec.Struct):
    """What was drawn for a submission: figures by exercise, and what the author should know."""

    figures: dict[str, list[Markup]] = msgspec.field(default_factory=dict)
    warnings: list[str] = msgspec.field(default_factory=list)


class Illustrator:
    """Draws the pictures of an assignment.

    Parameters
    ----------
    checks : pathlib.Path
        The folder tests/<assignment>; without illustrations.py in it there are no pictures.
    reference : module
        The reference implementation.

    Raises
    ------
    CourseError
        If the file cannot be imported.
    """

    def __init__(self, checks: Path, reference: ModuleType) -> None:
        path = checks / FILE
        self._reference = reference
        self._illustrations: list[tuple[str, Illustration]] = []
        if path.is_file():
            module = load_module(path, f"numgrade_illustrations_{checks.name}")
            self._illustrations = [
                (getattr(each, _EXERCISE), each)
                for each in vars(module).values()
                if hasattr(each, _EXERCISE)
            ]

    def faults(self, exercises: Iterable[str]) -> list[str]:
        """Return what is wrong with the pictures: those that the reference itself does not give.

        Parameters
        ----------
        exercises : iterable of str
            The exercises that have checks.
        """
        known, faults = set(exercises), []
        for exercise, illustration in self._illustrations:
            name = f"{FILE}, {_name(illustration)}"
            if exercise not in known:
                faults.append(f"{name}: there is no exercise {exercise}")
            try:
                as_figure(illustration(LocalStudent(vars(self._reference)), self._reference), "")
            except Exception as error:  # noqa: BLE001 - the file is Python: anything may come of it
                faults.append(f"{name}: {type(error).__name__}: {error}")
        return faults

    def draw(self, new_student: Callable[[], Student | LocalStudent]) -> Pictures:
        """Draw what can be drawn.

        Parameters
        ----------
        new_student : callable
            Returns the `student` object for one picture.

        Returns
        -------
        Pictures
            Those of the exercises that were answered.
        """
        pictures = Pictures()
        for exercise, illustration in self._illustrations:
            try:
                plot = illustration(new_student(), self._reference)
                figure = as_figure(plot, _first_line(illustration))
            except InfrastructureError:
                raise
            except (StudentError, AssertionError):
                continue  # no answer that can be drawn; the checks say what is wrong with it
            except Exception as error:  # noqa: BLE001 - the file is Python: anything may come of it
                name = f"{FILE}, {_name(illustration)}"
                pictures.warnings.append(f"{name}: {type(error).__name__}, so it is left out")
                continue
            pictures.figures.setdefault(exercise, []).append(figure)
        return pictures


def _name(illustration: Illustration) -> str:
    return str(getattr(illustration, "__name__", "a picture"))


def _first_line(illustration: Illustration) -> str:
    return (illustration.__doc__ or "").strip().partition("\n")[0]
