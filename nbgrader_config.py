"""The nbgrader course: where things are, and that our grader does the grading.

nbgrader reads this file and so does `numgrade`. What it names must be installed: nbgrader does not
look for modules next to this file. Every setting of nbgrader's can be added here; where the
exchange lies (c.Exchange.root) is left to the site.
"""

# ruff: noqa: ERA001 - settings that nobody has changed are shown as comments, with their defaults

c = get_config()

# The course's name: students name it in `nbgrader fetch_assignment --course`.
c.CourseDirectory.course_id = "calculus"

# `nbgrader autograde` and the formgrader's Autograde button use our grader: nothing of nbgrader's
# own reads or runs a submission. `numgrade grade` does the same for a whole class, and far quicker.
c.Autograde.exporter_class = "numgrade.nbgrader_hooks.SubmissionExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = ["numgrade.nbgrader_hooks.GradeSubmission"]

# `nbgrader export` writes the same file whatever database the gradebook is in.
c.ExportApp.plugin_class = "numgrade.export.OrderedCsv"

# "Open in Colab", on top of each notebook that `nbgrader generate_assignment` makes. Name a PUBLIC
# GitHub repository as "owner/name"; its branch main holds the content of release/ and nothing else.
# It must not be this repository: this one holds solutions and hidden checks. Empty: no badge.
c.GenerateAssignment.preprocessors.append("numgrade.colab.ColabBadge")
c.ColabBadge.repository = ""

# Limits on student code, with their defaults.
# c.Limits.cell_seconds = 10.0         # wall time of one cell
# c.Limits.check_seconds = 5.0         # wall time of one hidden check
# c.Limits.submission_seconds = 60.0   # wall time of one submission
# c.Limits.memory_mb = 512             # beyond what NumPy and IPython take
# c.Limits.scratch_mb = 16             # the private folder that cells may write to
# c.Limits.output_bytes = 1_000_000    # output kept of one cell
# c.Limits.render_all_figures = False  # True: also where only a program will look
# c.Limits.skip_show_only = True       # do not run the cells tagged show-only

# What a late submission loses, asked of nbgrader's plugin (due dates are set in the formgrader).
# c.LateSubmissionPlugin.penalty_method = "zero"
# c.AssignLatePenalties.plugin_class = "my_installed_package.MyPenalty"

# How a learning platform names the files in its download, for `nbgrader zip_collect`: Moodle's.
# c.FileNameCollectorPlugin.named_regexp = (
#     r".*/(?P<student_id>[^/_]+)_\d+_assignsubmission_file/(?P<file_id>[^/]+)"
# )
