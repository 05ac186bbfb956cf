"""The command line says what was wrong, where, and what to do; its exit status can be relied on."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from meta_tests.spine import ASSIGNMENT, notebook, write_course
from numgrade import batch, demo, doctor, exit_status
from numgrade.cli import main, parser
from numgrade.protection import LEVELS, Finding
from numgrade.results import SubmissionResult

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytest_plugins = ["meta_tests.spine"]
pytestmark = [
    # Debts of packages that we drive here but do not maintain.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

(_COMMANDS,) = (each.choices for each in parser()._actions if hasattr(each.choices, "items"))
NUMGRADE = (sys.executable, "-c", "import sys; from numgrade.cli import main; sys.exit(main())")
COMMANDS: dict[str, argparse.ArgumentParser] = dict(_COMMANDS or {})
REFERENCE = "def double(x):\n    return 2 * x\n"
CHECK = '''
@pytest.mark.points(2)
def test_value(student):
    """Twice the number comes out."""
    assert student.double(1.0) == 2
'''


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="module")
def graded(memory: Path) -> Path:
    """Return a course of three students, graded."""
    root = write_course(memory / "cli", {"double": CHECK}, {"double": 2}, REFERENCE)
    for student, body in {"a-right": "return 2 * x", "b-wrong": "return 0", "c-none": ""}.items():
        folder = root / "submitted" / student / ASSIGNMENT
        folder.mkdir(parents=True)
        if body:
            data = notebook(root, double=f"def double(x):\n    {body}")
            (folder / f"{ASSIGNMENT}.ipynb").write_bytes(data)
    assert main(["grade", ASSIGNMENT, "--course", str(root), "--quiet"]) == 0
    return root


@pytest.fixture
def course(graded: Path, memory: Path, no_graders: None) -> Iterator[Path]:  # noqa: ARG001 - faster
    """Return a copy of that course, to be changed."""
    root = memory / "cli-copy"
    shutil.copytree(graded, root)
    yield root
    shutil.rmtree(root)


@pytest.fixture
def numgrade(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Return a function that runs a command here, where importing nbgrader has been paid for."""

    def run(*arguments: object) -> Ended:
        capfd.readouterr()
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Ended(status, out, err)

    return run


def test_a_graded_class_is_shown_as_a_table(graded: Path, numgrade: Callable[..., Ended]) -> None:
    """Status 0, and a row an exercise: its mean, and who lost what."""
    ended = numgrade("grade", ASSIGNMENT, "--course", graded)
    assert ended.status == 0
    assert "3 students: 2 graded, 1 missing; mean score 0.67" in ended.out
    assert "double" in ended.out
    assert "b-wrong" in ended.out
    assert "graded 3 of 3" in ended.err


def test_records_can_go_to_standard_output(graded: Path, numgrade: Callable[..., Ended]) -> None:
    """With --json - there is nothing else on it: it can be piped."""
    ended = numgrade("grade", ASSIGNMENT, "--course", graded, "--json", "-", "--quiet")
    assert (ended.status, ended.err) == (0, "")
    results = [SubmissionResult.from_json(line) for line in ended.out.encode().splitlines()]
    assert {each.student: each.score for each in results} == {
        "a-right": 2,
        "b-wrong": 0,
        "c-none": 0,
    }


def test_records_can_go_to_a_file(
    graded: Path, tmp_path: Path, numgrade: Callable[..., Ended]
) -> None:
    """A line a student, of those asked for; a file that cannot be written is named."""
    file = tmp_path / "r.jsonl"
    arguments = ("grade", ASSIGNMENT, "--course", graded, "--student", "[ab]*", "--json")
    assert numgrade(*arguments, file).status == 0
    assert [json.loads(line)["student"] for line in file.read_text().splitlines()] == [
        "a-right",
        "b-wrong",
    ]
    ended = numgrade(*arguments, tmp_path / "nowhere" / "r.jsonl")
    assert ended.status == 2
    assert "r.jsonl: No such file or directory" in ended.err


def test_quiet_prints_nothing(graded: Path, numgrade: Callable[..., Ended]) -> None:
    """Where there is no problem."""
    assert numgrade("grade", ASSIGNMENT, "--course", graded, "--quiet") == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "numgrade verify quadrature     prove that its checks are fair"),
        (["--quiet"], "the following arguments are required: COMMAND"),
        (["mark"], "invalid choice: 'mark'"),
        (["grade"], "the following arguments are required: ASSIGNMENT"),
        (["grade", "mini", "--workers", "0"], "argument --workers: at least 1 is needed"),
        (["grade", "mini", "--workers", "two"], "argument --workers: 'two' is not a whole number"),
        (["grade", "mini", "--colour"], "unrecognized arguments: --colour"),
        (["demo", "--students", "-1"], "argument --students: at least 1 is needed"),
    ],
)
def test_wrong_use_is_explained(
    numgrade: Callable[..., Ended], arguments: list[str], said: str
) -> None:
    """Status 2, and the words that argparse would use."""
    ended = numgrade(*arguments)
    assert ended.status == 2
    assert said in ended.err


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_an_example_that_it_takes(command: str) -> None:
    """The example in the help is a command line that is parsed."""
    example = (COMMANDS[command].epilog or "").removeprefix("example: ")
    words = shlex.split(example.partition(" && ")[0])
    assert words[:2] == ["numgrade", command]
    assert callable(parser().parse_args(words[1:]).run)


def test_the_overview_names_every_command() -> None:
    """Its examples are command lines, too, and each command is listed."""
    text = parser().format_help()
    examples = re.findall(r"^  numgrade (.+?)  ", text, re.MULTILINE)
    assert len(examples) > 3
    assert all(callable(parser().parse_args(example.split()).run) for example in examples)
    assert all(re.search(rf"^    {command} ", text, re.MULTILINE) for command in COMMANDS)


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_shells_complete_commands(shell: str, numgrade: Callable[..., Ended]) -> None:
    """The completion knows every command; bash takes it and offers the right ones."""
    ended = numgrade("--print-completion", shell)
    assert ended.status == 0
    assert all(command in ended.out for command in COMMANDS)
    if shell == "bash":
        asked = "COMP_WORDS=(numgrade ver); COMP_CWORD=1; _shtab_numgrade; echo ${COMPREPLY[@]}"
        script = f"{ended.out}\n{asked}"
        told = subprocess.run(
            ["bash", "-c", script],  # noqa: S607 - wherever it is
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.strip() == "verify"


COLOUR = re.compile(r"\x1b\[[0-9;]*(?:3[0-7]|9[0-7]|38;)")


@pytest.mark.parametrize(("settings", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_a_terminal_that_wants_them(
    graded: Path, settings: dict[str, str], *, coloured: bool
) -> None:
    """There are colours on a terminal, and none with NO_COLOR."""
    ours, theirs = pty.openpty()
    environment = {name: text for name, text in os.environ.items() if name != "NO_COLOR"}
    command = [*NUMGRADE, "doctor"]
    process = subprocess.Popen(
        command,
        env={**environment, "TERM": "xterm-256color", **settings},
        cwd=graded,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            shown += os.read(ours, 65536)
        except OSError:  # nobody has the other end any more
            break
    os.close(ours)
    assert process.wait() == 0
    assert bool(COLOUR.search(shown.decode())) is coloured, shown


def test_a_pipe_gets_plain_lines(graded: Path) -> None:
    """No control character, whatever the terminal is."""
    for arguments in (["grade", ASSIGNMENT, "--force", "--workers", "1"], ["doctor"], ["--help"]):
        ended = subprocess.run(
            [*NUMGRADE, *arguments],
            cwd=graded,
            env={**os.environ, "TERM": "xterm-256color"},
            capture_output=True,
            check=True,
        )
        assert b"\x1b" not in ended.stdout + ended.stderr
        assert ended.stdout


def put_a_file_at(folder: Path) -> None:
    """Put a file where a folder belongs."""
    shutil.rmtree(folder)
    folder.touch()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda root: (root / "nbgrader_config.py").unlink(), "Name the course's folder with"),
        (
            lambda root: (root / "nbgrader_config.py").write_text("c = get_config(\n"),
            "nbgrader_config.py: SyntaxError",
        ),
        (
            lambda root: (root / "nbgrader_config.py").write_text(
                "c = get_config()\nc.Limits.cell_seconds = 'ten'\n"
            ),
            "nbgrader_config.py: The 'cell_seconds' trait",
        ),
        (lambda root: shutil.rmtree(root / "release"), "nbgrader generate_assignment mini"),
        (
            lambda root: (root / "release" / "mini" / "mini.ipynb").write_text("{"),
            "is not a notebook",
        ),
        (lambda root: shutil.rmtree(root / "tests"), "should hold the hidden checks"),
        (lambda root: (root / "reference" / "mini.py").unlink(), "mini.py: No such file"),
        (
            lambda root: shutil.rmtree(root / "submitted"),
            "no submissions, but the gradebook has marks of 2",
        ),
        (
            lambda root: (root / "tests" / "mini" / "test_double.py").write_text("import nowhere"),
            "No module named 'nowhere'",
        ),
        (lambda root: (root / ".numgrade" / "secret").write_bytes(b"short"), "secret is damaged"),
        (
            lambda root: (root / "gradebook.db").write_bytes(b"no database at all" * 100),
            "gradebook",
        ),
        (lambda root: put_a_file_at(root / ".numgrade"), ".numgrade"),
        (lambda root: put_a_file_at(root / "feedback"), "feedback"),
    ],
    ids=(
        "configuration syntax setting release notebook checks reference submitted import secret "
        "gradebook state feedback"
    ).split(),
)
def test_a_broken_course_is_explained(
    course: Path, numgrade: Callable[..., Ended], change: Callable[[Path], object], said: str
) -> None:
    """Status 2, one paragraph, and what to do; nothing is graded."""
    change(course)
    ended = numgrade("grade", ASSIGNMENT, "--course", course, "--force", "--workers", "1")
    assert ended.status == 2
    assert [line for line in ended.err.splitlines() if line.startswith("numgrade: ")]
    assert said in ended.err
    assert len(ended.err) < 2500, ended.err


def test_an_unknown_assignment_leaves_nothing_behind(
    course: Path, numgrade: Callable[..., Ended]
) -> None:
    """A slip of the pen makes no files in the course."""
    before = sorted(path for path in course.rglob("*"))
    for name in ("clculus", "../mini", ""):
        ended = numgrade("grade", name, "--course", course)
        assert ended.status == 2
        assert ended.err.startswith("numgrade: error: ")
    assert sorted(path for path in course.rglob("*")) == before


def test_students_that_cannot_be_scored_are_named(
    course: Path, numgrade: Callable[..., Ended]
) -> None:
    """Status 1, with each of them and the reason on standard error; the table is printed."""
    file = course / "tests" / "mini" / "test_double.py"
    file.write_text(file.read_text() + "    1 / 0\n")
    ended = numgrade("grade", ASSIGNMENT, "--course", course, "--student", "a*")
    assert ended.status == 1
    assert "numgrade: a-right is unscored: double, test_value: fails on the reference" in ended.err
    assert "ZeroDivisionError" in ended.err
    assert "1 unscored" in ended.out


def test_a_class_of_missing_students_is_no_crash(
    course: Path, numgrade: Callable[..., Ended]
) -> None:
    """There is no mean of nothing."""
    ended = numgrade("grade", ASSIGNMENT, "--course", course, "--student", "c*")
    assert ended.status == 0
    assert "1 student: 1 missing" in ended.out


def test_ctrl_c_before_anything_is_graded_is_an_end_like_others(
    course: Path, numgrade: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 130, and a word."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "grade", interrupted)
    ended = numgrade("grade", ASSIGNMENT, "--course", course, "--quiet")
    assert ended == (130, "", "numgrade: stopped\n")


def test_a_demo_without_a_course_is_explained(
    tmp_path: Path, numgrade: Callable[..., Ended], memory: Path
) -> None:
    """Neither a folder without a course nor one without banks can make a class."""
    ended = numgrade("demo", "--course", tmp_path)
    assert ended.status == 2
    assert "nbgrader_config.py does not exist" in ended.err
    root = write_course(memory / "bankless", {"double": CHECK}, {"double": 2}, REFERENCE)
    ended = numgrade("demo", "--course", root)
    assert ended.status == 2
    assert "no assignment with banks" in ended.err
    bank = root / "tests" / ASSIGNMENT / "mistakes" / "double"
    bank.mkdir(parents=True)
    (bank / "zero.py").write_text('"""Always 0."""\ndef double(x):\n    return 0\n')
    (root / demo.FOLDER).mkdir()
    ended = numgrade("demo", "--course", root)
    assert ended.status == 2
    assert "is not a demo course; move it away" in ended.err


@pytest.mark.parametrize(
    ("holding", "status", "advice"),
    [("AB", 0, "Level A holds"), ("B", 0, "Level B holds"), ("C", 2, "grading is refused")],
)
def test_doctor_says_what_to_install(
    numgrade: Callable[..., Ended],
    monkeypatch: pytest.MonkeyPatch,
    holding: str,
    status: int,
    advice: str,
) -> None:
    """Without level A it names what is missing; where only limits hold the status is 2."""
    findings = [Finding(level, problem="" if level in holding else "no bwrap") for level in LEVELS]
    monkeypatch.setattr(doctor, "survey", lambda _: findings)
    ended = numgrade("doctor")
    assert ended.status == status
    assert advice in ended.out
    assert ("apt-get install bubblewrap" in ended.out) == ("A" not in holding)


def test_help_and_version_are_quick() -> None:
    """They load neither nbgrader nor NumPy."""
    program = (
        "import sys; from numgrade.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit as end:\n"
        "    assert end.code == 0\n"
        "    assert not {'nbgrader', 'numpy', 'pytest'} & {*sys.modules}\n"
    )
    for option in ("--help", "--version"):
        command = [sys.executable, "-c", program, option]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "numgrade" in ended.stdout


def test_the_installed_command_works(graded: Path) -> None:
    """The console script is there, and a closed pipe at its end is no traceback."""
    script = os.path.join(os.path.dirname(sys.executable), "numgrade")  # noqa: PTH118, PTH120 - a link stays one
    command = [script, "grade", ASSIGNMENT, "--json", "-", "--quiet"]
    with subprocess.Popen(
        command, cwd=graded, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_full_disk_under_standard_output_is_no_traceback(graded: Path) -> None:
    """Status 2 and a sentence, for the records as for the table."""
    said = "numgrade: this machine cannot grade: No space left on device. Make room there."
    for options in (["--json", "-"], []):
        command = [*NUMGRADE, "grade", ASSIGNMENT, *options]
        with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
            ended = subprocess.run(
                command, cwd=graded, stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert (ended.returncode, ended.stderr.splitlines()[1:]) == (2, [said])


def test_status_numbers_are_those_of_the_contract() -> None:
    """Other tools rely on them."""
    assert (exit_status.ALL_SCORED, exit_status.SOME_UNSCORED, exit_status.WRONG_USE) == (0, 1, 2)
