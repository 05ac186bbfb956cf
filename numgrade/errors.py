"""What can go wrong, sorted by whose fault it is.

`str(error)` of every exception here is a complete message for a person: what was wrong, where, and
what to do. Nobody but us ever sees a traceback.
"""

from __future__ import annotations


class NumgradeError(Exception):
    """Base of everything that numgrade raises on purpose."""


class CourseError(NumgradeError):
    """The course is broken: checks, reference or configuration. The author mends it."""


class InfrastructureError(NumgradeError):
    """Our own machinery failed. What it touched is unscored, never a zero."""


class UnreadableSubmission(NumgradeError):
    """The student's file is not a notebook, or one that nobody should open."""


class MalformedFrame(NumgradeError):
    """The other end of the wire sent something that the protocol does not allow."""


class StudentError(NumgradeError):
    """What student code did when a check called it: a result, never a failure of ours."""


class StudentRaised(StudentError):
    """The student's function raised an exception.

    Parameters
    ----------
    message : str
        For the student; it names the type only, since the text of an exception can carry the
        hidden inputs of a check.
    type_name : str
        Name of the exception's class, as the student's process reported it.
    missing : str
        The name or attribute that was not there, if that was it. It is compared, never shown.
    """

    def __init__(self, message: str, type_name: str, missing: str = "") -> None:
        super().__init__(message)
        self.type_name = type_name
        self.missing = missing


class NameMissing(StudentError):
    """The notebook does not define the name that a check asked for."""


class AnswerRefused(StudentError):
    """The student's function returned something that cannot be an answer: a generator, say."""


class StudentTimedOut(StudentError):
    """The student's code was still running when its time was over."""


class StudentKilled(StudentError):
    """The student's process died: it exited, crashed, or hit a limit."""
