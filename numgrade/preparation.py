"""From a student's bytes to a submission whose cells have run: the first step of grading."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from numgrade.assignment import derive_seed
from numgrade.errors import CourseError, UnreadableSubmission
from numgrade.master import Master
from numgrade.notebook import read_notebook
from numgrade.protection import open_sandbox
from numgrade.recording import Recording
from numgrade.repair import Repaired, RepairedCell, repair
from numgrade.student import Student
from numgrade.submission import Submission

if TYPE_CHECKING:
    from numgrade.sandbox import Sandbox
    from numgrade.settings import LimitValues


class Prepared:
    """A submission ready for the checks.

    Parameters
    ----------
    submission : Submission
        Its cells have run.
    seed : bytes
        Seed of the inputs that are drawn for it.
    repaired : Repaired
        The notebook, put right.
    sandbox : Sandbox, optional
        A sandbox to close along with the submission.
    """

    def __init__(
        self,
        submission: Submission,
        seed: bytes,
        repaired: Repaired,
        sandbox: Sandbox | None = None,
    ) -> None:
        self.submission = submission
        self.seed = seed
        self.repaired = repaired
        self._sandbox = sandbox
        self._recording = Recording()

    def student(self, exercise: str) -> Student:
        """Return the `student` object for one check, and start that check's clock."""
        self.submission.begin_check(exercise)
        student = Student(self.submission)
        self._recording = student.recording
        return student

    def afterwards(self, seconds: float, seed: bytes = b"") -> Afterwards:
        """Return the subject of what follows the checks, and start its clock.

        Parameters
        ----------
        seconds : float
            Wall time for all that it is asked.
        seed : bytes, optional
            Seed of the inputs that are drawn for it.
        """
        self.submission.begin_afterwards(seconds)
        return Afterwards(self.submission, seed)

    def take_recording(self) -> Recording:
        """Return the calls of the check that has just run."""
        recording, self._recording = self._recording, Recording()
        return recording

    def close(self) -> None:
        """End the worker, and the sandbox if it was made for this submission alone."""
        self.submission.close()
        if self._sandbox is not None:
            self._sandbox.close()


class Afterwards:
    """A submission whose checks have run: what it answers now counts for nothing.

    Parameters
    ----------
    submission : Submission
        If its worker ends, it is not replaced any more.
    seed : bytes
        Seed of the inputs that are drawn for it.

    Attributes
    ----------
    recordings : list of Recording
        The calls of each `student` object, in their order.
    """

    def __init__(self, submission: Submission, seed: bytes) -> None:
        self.seed = seed
        self.recordings: list[Recording] = []
        self._submission = submission

    def student(self, exercise: str = "") -> Student:  # noqa: ARG002 - as a subject has it
        """Return a `student` object; the clock runs on."""
        student = Student(self._submission)
        self.recordings.append(student.recording)
        return student

    def close(self) -> None:
        """There is nothing to end: the submission is closed by whoever prepared it."""


def prepare(
    data: bytes, master: Master, sandbox: Sandbox, limits: LimitValues, seed: bytes
) -> Prepared:
    """Read and repair a notebook and run its cells.

    Raises
    ------
    UnreadableSubmission
        If `data` is not a notebook.
    InfrastructureError
        If no worker can be started.
    """
    repaired = repair(read_notebook(data), master)
    cells = repaired.runnable(
        skip_show_only=limits.skip_show_only, render_all_figures=limits.render_all_figures
    )
    submission = Submission(sandbox, cells, limits)
    try:
        submission.run_cells()
    except BaseException:
        submission.close()
        raise
    return Prepared(submission, seed, repaired)


def subject_of_file(path: Path, root: Path, assignment: str) -> Prepared:
    """Prepare a notebook or a Python file for an author's run of the checks.

    Raises
    ------
    CourseError
        If the file is missing or is not a notebook.
    """
    # Imported here: it needs nbgrader, which a grader has no use for and which takes seconds.
    from numgrade.course import Course  # noqa: PLC0415

    known = Course.load(root).assignment(assignment)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CourseError(f"--submission {path}: {error.strerror}") from error
    sandbox = open_sandbox(known.limits, allow_weak=False)
    seed = derive_seed(known, path.name)
    if path.suffix == ".ipynb":
        master = Master.load(Path(known.release))
        try:
            prepared = prepare(data, master, sandbox, known.limits, seed)
        except UnreadableSubmission as error:
            raise CourseError(f"--submission {path}: {error}") from error
        return Prepared(prepared.submission, seed, prepared.repaired, sandbox)
    source = data.decode(errors="replace")
    cell = RepairedCell(id="file", cell_type="code", source=source, is_students=True, runs=True)
    repaired = Repaired(cells=(cell,), metadata={})
    submission = Submission(sandbox, repaired.runnable(), known.limits)
    submission.run_cells()
    return Prepared(submission, seed, repaired, sandbox)
