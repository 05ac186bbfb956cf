"""The way in for `nbgrader autograde` and the formgrader's Autograde button.

Both run nbgrader's own converter, which reads each submission twice and hands it to a list of
preprocessors. Here the list is one preprocessor over our engine, and what nbgrader reads is an
empty notebook: the engine reads the submitted file itself, whatever is in it.

    c.Autograde.exporter_class = "numgrade.nbgrader_hooks.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = ["numgrade.nbgrader_hooks.GradeSubmission"]

It fails closed: where there is no result, nbgrader reports an error, removes what it had begun,
and the gradebook has no score. For a whole class `numgrade grade` is far quicker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import NbGraderPreprocessor

from numgrade.batch import grade_one
from numgrade.course import Course
from numgrade.errors import InfrastructureError
from numgrade.gradebook import Entry, Gradebook
from numgrade.handed_in import read_exchange_files, timestamp_in
from numgrade.results import SubmissionStatus


class SubmissionExporter(NotebookExporter):
    """Begins with an empty notebook where nbconvert would parse the student's file.

    A file that nbconvert cannot parse would end as an error of nbgrader's; to our engine it is
    an unreadable submission, worth zero, with the reason.
    """

    def from_file(
        self,
        file_stream: Any,  # noqa: ANN401, ARG002 - nbconvert's signature
        resources: Any = None,  # noqa: ANN401 - as above
        **options: Any,  # noqa: ANN401 - as above
    ) -> Any:  # noqa: ANN401 - as above
        """Run the preprocessors on an empty notebook."""
        empty = new_notebook()  # type: ignore[no-untyped-call]
        return self.from_notebook_node(empty, resources, **options)  # type: ignore[no-untyped-call]


class GradeSubmission(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader is untyped
    """Grades a submission with our engine and records its marks."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:  # noqa: ANN401, ARG002 - nbconvert is untyped
        """Return the autograded notebook; the marks are in the gradebook by then.

        Raises
        ------
        CourseError
            If the course is broken.
        InfrastructureError
            If the submission could not be scored, or the marks not be written.
        """
        names = resources["nbgrader"]
        assignment, student = names["assignment"], names["student"]
        course = Course.load(Path.cwd(), self.config)  # nbgrader works in the course's folder
        graded = grade_one(course, assignment, student)
        if graded.result.status is SubmissionStatus.UNSCORED:
            raise InfrastructureError(
                f"The submission of {student} could not be scored: "
                f"{' '.join(graded.result.warnings)} This is not the student's fault; "
                "try again, and run `numgrade doctor` if it stays so."
            )
        timestamp = timestamp_in(read_exchange_files(course, assignment, student))
        with Gradebook(names["db_url"], course.coursedir.course_id, self.config) as gradebook:
            gradebook.ensure_assignment(assignment, course.release(assignment))
            gradebook.record([Entry(graded.result, timestamp, graded.notebook)])
        autograded = nbformat.reads(graded.notebook, as_version=4)  # type: ignore[no-untyped-call]
        return autograded, resources
