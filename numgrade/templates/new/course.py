"""The nbgrader course: that our grader does the grading. nbgrader reads this file, and so does numgrade.

Every setting of nbgrader's can be added here, and c.Limits, the limits on student code.
"""

c = get_config()

# The course's name: students name it in `nbgrader fetch_assignment --course`.
c.CourseDirectory.course_id = "COURSE_NAME"

# `nbgrader autograde` and the formgrader's Autograde button use our grader.
c.Autograde.exporter_class = "numgrade.nbgrader_hooks.SubmissionExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = ["numgrade.nbgrader_hooks.GradeSubmission"]

# `nbgrader export` writes the same file whatever database the gradebook is in.
c.ExportApp.plugin_class = "numgrade.export.OrderedCsv"
