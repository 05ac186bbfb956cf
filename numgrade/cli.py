"""The command line."""

from __future__ import annotations

import argparse
import errno
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import shtab
from rich.console import Console

from numgrade import __version__
from numgrade.authoring_commands import add_new
from numgrade.errors import InfrastructureError, NumgradeError
from numgrade.exit_status import (
    ALL_SCORED,
    SOME_UNSCORED,
    WRONG_USE,
    notice,
    print_bytes,
    status_of,
)
from numgrade.reading_commands import add_export, add_report
from numgrade.sparing import import_less
from numgrade.stopping import Stopped, stopped_by_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numgrade.results import SubmissionResult

_SIGNALLED = 128
"""What a shell adds to the number of a signal: 130 is Ctrl-C, 143 is SIGTERM."""

_EXAMPLES = """\
examples:
  numgrade new quadrature        make an assignment, to be rewritten
  numgrade verify quadrature     prove that its checks are fair
  numgrade demo quadrature       grade a made-up class of it
  numgrade grade quadrature      grade what is new or has changed
  numgrade report quadrature     write the instructor's page
"""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line by default.

    Returns
    -------
    int
        0 if all is scored, 1 if some submission could not be scored, 2 after wrong use or in a
        broken course.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments:
        parser().print_help(sys.stderr)
        return WRONG_USE
    options = parser().parse_args(arguments)
    import_less()
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        with stopped_by_signals():
            return run(options)
    except (NumgradeError, OSError) as error:
        ours = isinstance(error, InfrastructureError | OSError)
        _complain("this machine cannot grade" if ours else "error", error)
        return WRONG_USE
    except KeyboardInterrupt as stop:
        _complain("stopped", stop)
        return _SIGNALLED + (stop.number if isinstance(stop, Stopped) else signal.SIGINT)


def _complain(what: str, error: BaseException) -> None:
    """Print what was wrong, and what the notes on the error say is to be done."""
    text = _of_the_system(error) if isinstance(error, OSError) else str(error)
    said = " ".join(filter(None, [text, *getattr(error, "__notes__", [])]))
    notice(f"{what}: {said}" if said else what)


def _of_the_system(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    advice = ". Make room there." if error.errno in _FULL else ""
    return f"{where}{error.strerror or error}{advice}"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    whole = argparse.ArgumentParser(
        prog="numgrade",
        description="Grade notebooks of numerical courses.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"numgrade {__version__}")
    shtab.add_argument_to(
        whole, "--print-completion", help="print a shell's completion of these commands"
    )
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _add_grade(commands.add_parser("grade", help="grade the submissions of an assignment"))
    _add_verify(
        commands.add_parser("verify", help="prove that the checks of an assignment are sound")
    )
    add_report(
        commands.add_parser("report", help="write the instructor's page on an assignment"),
        _add_course,
    )
    add_export(
        commands.add_parser("export", help="write the marks for Canvas, Moodle and others"),
        _add_course,
    )
    add_new(commands.add_parser("new", help="make a new assignment, to be rewritten"))
    _add_demo(commands.add_parser("demo", help="grade a class of simulated students"))
    doctor = commands.add_parser("doctor", help="say which protection holds on this machine")
    doctor.description = "Try to break out of the sandbox, and say which protection holds."
    doctor.epilog = "example: numgrade doctor"
    doctor.set_defaults(run=_doctor)
    return whole


def _add_grade(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Read the notebooks in submitted/<student>/<assignment>/, write gradebook.db, autograded/ "
        "and feedback/. What has not changed since it was graded is left alone."
    )
    parser.epilog = "example: numgrade grade calculus --student 's-0?' --json results.jsonl"
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    _add_course(parser)
    parser.add_argument("--student", metavar="GLOB", default="*", help="only these students")
    parser.add_argument(
        "--workers", metavar="N", type=_positive, help="graders at work (default: one a core)"
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write the records, one JSON object a line; - for stdout"
    )
    parser.add_argument("--force", action="store_true", help="grade what has not changed, too")
    parser.add_argument("--no-feedback", action="store_true", help="write no feedback pages")
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="grade on a Dask cluster: that of its scheduler"
    )
    parser.add_argument(
        "--allow-weak-sandbox",
        action="store_true",
        help="grade even where resource limits are the only protection",
    )
    parser.add_argument("--quiet", action="store_true", help="print problems only")
    parser.set_defaults(run=_grade)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Try the reference, the source's solutions, the release, the banks of right and wrong "
        "solutions and mutants of the reference on the hidden checks, with many seeds. Exit "
        "status 1 says that something does not hold."
    )
    parser.epilog = "example: numgrade verify calculus --seeds 1000"
    parser.add_argument("assignment", metavar="ASSIGNMENT")
    _add_course(parser)
    parser.add_argument(
        "--seeds", metavar="N", type=_positive, default=200, help="seeds a candidate (200)"
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=_positive,
        help="processes (default: one a core and one more)",
    )
    parser.add_argument(
        "--page", metavar="FILE", type=Path, help="where to write the page (default: in .numgrade/)"
    )
    parser.set_defaults(run=_verify)


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make a class out of the banks of right and wrong solutions, grade it end to end, and "
        "show what came out."
    )
    parser.epilog = "example: numgrade demo calculus --students 20"
    parser.add_argument(
        "assignment", metavar="ASSIGNMENT", nargs="?", help="default: the course's first by name"
    )
    _add_course(parser)
    parser.add_argument(
        "--students", metavar="N", type=_positive, default=100, help="size of the class (100)"
    )
    parser.set_defaults(run=_demo)


def _add_course(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--course",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="the folder with nbgrader_config.py (default: this one)",
    )


def _grade(options: argparse.Namespace) -> int:
    # Imported here, as below: nbgrader takes a second, and `--help` should not.
    from numgrade.batch import Options, grade  # noqa: PLC0415
    from numgrade.course import Course  # noqa: PLC0415
    from numgrade.progress import Progress  # noqa: PLC0415
    from numgrade.tables import class_table  # noqa: PLC0415

    if options.cluster and options.workers:
        raise NumgradeError("--workers is for this machine; a cluster's workers come with it")
    course = Course.load(options.course)
    wanted = Options(
        students=options.student,
        workers=options.workers,
        force=options.force,
        feedback=not options.no_feedback,
        allow_weak=options.allow_weak_sandbox,
        cluster=options.cluster,
    )
    with Progress(quiet=options.quiet) as progress:
        results = grade(course, options.assignment, wanted, progress.advance, notice)
    if options.json:
        _write_records(options.json, results)
    if not options.quiet and options.json != "-":
        Console().print(class_table(results))
    return status_of(results)


def _verify(options: argparse.Namespace) -> int:
    from numgrade.course import Course  # noqa: PLC0415
    from numgrade.files import write_atomically  # noqa: PLC0415
    from numgrade.verify import Effort, verify  # noqa: PLC0415
    from numgrade.verify_page import verification_page  # noqa: PLC0415
    from numgrade.verify_tables import claims_in_lines, margins_table  # noqa: PLC0415

    course, console = Course.load(options.course), Console()
    effort = Effort(seeds=options.seeds, workers=options.workers)
    with console.status("collecting the checks") as status:
        report = verify(
            course,
            options.assignment,
            effort,
            lambda done, of: status.update(f"tried {done} of {of} lots of candidates"),
        )
    page = options.page or course.state / "verify" / f"{options.assignment}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(page, verification_page(report).encode())
    console.print(margins_table(report))
    for line in claims_in_lines(report):
        console.print(line)
    console.print(f"The page with pictures: {page}")
    return ALL_SCORED if report.holds else SOME_UNSCORED


def _demo(options: argparse.Namespace) -> int:
    from numgrade.demo import run_demo  # noqa: PLC0415

    return status_of(run_demo(options.course, options.students, options.assignment))


def _doctor(_: argparse.Namespace) -> int:
    from numgrade.doctor import examine_machine  # noqa: PLC0415

    return ALL_SCORED if examine_machine() else WRONG_USE


def _write_records(file: str, results: Iterable[SubmissionResult]) -> None:
    records = (result.to_json() + b"\n" for result in results)
    if file == "-":
        print_bytes(records)
        return
    try:
        with Path(file).open("wb") as target:
            target.writelines(records)
    except OSError as error:
        raise NumgradeError(f"--json {file}: {error.strerror}") from error


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1 is needed")
    return number
