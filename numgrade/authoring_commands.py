"""The command that authors begin with: new."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from numgrade.exit_status import ALL_SCORED, print_bytes

if TYPE_CHECKING:
    import argparse

_NEXT = """\
Made in {course}:
{made}
It is complete, with one exercise: `{exercise}`. Look at it, then make it yours:
  {cd}numgrade verify {name}    # proves that its checks are fair
  {cd}pytest tests/{name} --submission tests/{name}/mistakes/{exercise}/{mistake}
  {cd}nbgrader generate_assignment {name} --force    # after each change of the source
"""
_MISTAKE = "trapezoidal-rule.py"


def add_new(parser: argparse.ArgumentParser) -> None:
    """Say what `numgrade new` is told, and by whom it is done."""
    parser.description = (
        "Make a new assignment: notebook, release, reference, hidden checks, right solutions and "
        "known mistakes of one small exercise, to be rewritten. In a folder that is no course yet, "
        "make the course as well. Nothing is overwritten."
    )
    parser.epilog = "example: numgrade new quadrature --course my-course"
    parser.add_argument("assignment", metavar="NAME", help="letters, digits, _ and -")
    parser.add_argument(
        "--course",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="the course's folder, which is made if there is none (default: this one)",
    )
    parser.set_defaults(run=_new)


def _new(options: argparse.Namespace) -> int:
    # Imported here since nbgrader takes a second, and `--help` should not.
    from numgrade.scaffold import EXERCISE, new_assignment  # noqa: PLC0415

    made = new_assignment(options.course, options.assignment)
    root = options.course.resolve()
    there = root == Path.cwd()
    steps = _NEXT.format(
        course=root,
        made="".join(f"  {path.relative_to(root)}\n" for path in made),
        exercise=EXERCISE,
        cd="" if there else f"cd {shlex.quote(str(root))} && ",
        name=options.assignment,
        mistake=_MISTAKE,
    )
    print_bytes([steps.encode()])
    return ALL_SCORED
