"""What the documentation says is so: its links lead somewhere, its commands and settings exist."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import shutil
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from nbgrader.apps import NbGraderApp
from traitlets.config import Config, Configurable

from numgrade import __version__, cli
from numgrade.checks import with_suite
from numgrade.colab import ColabBadge
from numgrade.local import load_module
from numgrade.pytest_plugin import ReferenceSubject
from numgrade.results import CheckStatus
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from numgrade.checks import Suite

PROJECT = Path(__file__).parents[1]
PAGES = {
    str(path.relative_to(PROJECT)): path.read_text(encoding="utf-8")
    for path in (*sorted(PROJECT.glob("*.md")), *sorted(PROJECT.glob("docs/*.md")))
}
MAKEFILE = (PROJECT / "Makefile").read_text()
TARGETS = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?:\[[^\]]*\]\(|<img src=\")([^)\s\"]+)")
SETTING = re.compile(r"\bc\.([A-Z]\w+)(?:\.(\w+))?(?: = ([^#\n]+))?")

GENERATED = {"submitted", "autograded", "feedback", "demo", "dist", "build", "__pycache__"}
HOSTS = {
    "distributed.dask.org",
    "colab.research.google.com",
    "github.com",
    "numpy.org",
    "nbgrader.readthedocs.io",
}
FOLDERS_OF_SOMEBODYS_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|Users|work|mnt|opt|srv)/\w")
PACKAGE_INDEX = re.compile(r"(?:index|find)[-_](?:url|links)")


class Snippet(NamedTuple):
    """Code in a page: its language, "" for code within a sentence."""

    page: str
    language: str
    code: str


def snippets() -> Iterator[Snippet]:
    """Yield all code of all pages."""
    for page, text in PAGES.items():
        for language, code in FENCE.findall(text):
            yield Snippet(page, language or "text", code)
        for code in INLINE.findall(FENCE.sub("", text)):
            yield Snippet(page, "", code)


def commands(program: str) -> list[tuple[str, list[str]]]:
    """Return page and arguments of each command of a program that the pages show."""
    found = []
    for page, language, code in snippets():
        if language not in {"", "sh"}:
            continue
        for line in code.splitlines():
            words = shlex.split(line, comments=True) if program in line else []
            if words and words[0] == program:
                found.append((page, words[1:]))
    return found


def anchors(text: str) -> set[str]:
    """Return what the headings of a page are called in links."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command of ours."""
    (action,) = (each for each in cli.parser()._actions if hasattr(each.choices, "items"))
    return dict(action.choices or {})


@cache
def settings() -> dict[str, set[str]]:
    """Return what nbgrader_config.py may set: names, by that of their class.

    nbgrader has classes with the name of the class that they are derived from.
    """
    NbGraderApp().all_configurable_classes()  # imports what is imported late
    found: dict[str, set[str]] = {}
    classes: list[type[Configurable]] = [ColabBadge, Configurable]
    while classes:
        each = classes.pop()
        classes += each.__subclasses__()
        found.setdefault(each.__name__, set()).update(each.class_traits(config=True))
    return found


def tracked_files() -> Iterator[Path]:
    """Yield the files that belong to the project: what no tool has generated."""
    for path in PROJECT.rglob("*"):
        parts = path.relative_to(PROJECT).parts
        is_hidden = parts[0].startswith(".") and parts[0] not in {".ci", ".gitignore"}
        if path.is_file() and not is_hidden and GENERATED.isdisjoint(parts):
            yield path


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """A link to a file, a picture or a heading of the project is not broken."""
    for link in LINK.findall(PAGES[page]):
        if link.startswith("https://"):
            continue
        file, _, heading = link.partition("#")
        target = (PROJECT / page).parent / file if file else PROJECT / page
        assert target.exists(), link
        if heading:
            assert heading in anchors(target.read_text(encoding="utf-8")), link


def test_commands_of_ours_are_accepted() -> None:
    """Each `numgrade ...` in the pages is one that the command line takes."""
    shown = commands("numgrade")
    assert len(shown) > 5
    for page, arguments in shown:
        if len(arguments) == 1 and arguments[0] in parsers():
            continue  # a sentence that names the command without its arguments
        try:
            cli.parser().parse_args(arguments)
        except SystemExit as end:
            if end.code:
                pytest.fail(f"{page}: numgrade {shlex.join(arguments)}")


def test_every_option_is_documented() -> None:
    """Each command and each option of the command line is named somewhere in the pages."""
    text = "\n".join(PAGES.values())
    for command, parser in parsers().items():
        assert f"numgrade {command}" in text
        options = {option for each in parser._actions for option in each.option_strings}
        for option in options - {"-h", "--help"}:
            assert option in text, f"{command} {option}"


def test_nbgraders_commands_exist() -> None:
    """Each `nbgrader ...` in the pages is a command that nbgrader has."""
    for page, arguments in commands("nbgrader"):
        assert arguments[0] in NbGraderApp.subcommands, page


def test_make_has_what_is_asked_of_it() -> None:
    """Each `make ...` in the pages is a target, and `make help` names them all."""
    assert TARGETS
    targets = TARGETS[1].split()
    for page, arguments in commands("make"):
        wanted = [word for word in arguments if "=" not in word]
        assert set(wanted) <= {*targets}, page
    for target in set(targets) - {"help"}:
        assert f'"make {target} ' in MAKEFILE, target


@pytest.mark.parametrize("name", [*PAGES, "nbgrader_config.py"])
def test_settings_exist(name: str) -> None:
    """Each setting that a page or the configuration names can be set; a default is the real one."""
    text = PAGES.get(name) or (PROJECT / name).read_text(encoding="utf-8")
    for owner, setting, value in SETTING.findall(text):
        assert owner in settings(), owner
        assert not setting or setting in settings()[owner], f"{owner}.{setting}"
        if owner == "Limits" and value:
            assert ast.literal_eval(value.strip()) == getattr(LimitValues(), setting), setting


def test_all_limits_are_documented() -> None:
    """The page on grading lists every limit, and the page on safety states them as they are."""
    shown = {setting for _, setting, _ in SETTING.findall(PAGES["docs/grading.md"])}
    assert {*LimitValues.__struct_fields__} <= shown
    limits = LimitValues()
    text = " ".join(PAGES["docs/security.md"].split())
    for phrase in (
        f"{limits.cell_seconds:g} s a cell",
        f"{limits.check_seconds:g} s a check",
        f"{limits.submission_seconds:g} s a submission",
        f"{limits.memory_mb} MB",
        f"{limits.scratch_mb} MB of scratch",
    ):
        assert phrase in text


def test_code_that_pages_name_exists() -> None:
    """A file, a module or a function of ours in a page is where the page says."""
    modules = {path.stem for path in (PROJECT / "numgrade").glob("*.py")}
    for page, language, code in snippets():
        if language or not re.fullmatch(r"[\w./-]+", code):
            continue
        if page == "docs/tutorial.md" and code.startswith(("tests/", "reference/")):
            continue  # made by the commands of that page, which test_tutorial.py runs
        if re.fullmatch(r"(?:numgrade|meta_tests|reference|tests|tools)/[\w/.-]+\.py", code):
            assert (PROJECT / code.replace("NAME", "calculus")).exists(), f"{page}: {code}"
        owner, _, name = code.partition(".")
        if owner in modules and name.isidentifier() and name not in {"db", "py", "jsonl"}:
            assert hasattr(importlib.import_module(f"numgrade.{owner}"), name), f"{page}: {code}"


def test_examples_of_checks_hold(tmp_path: Path) -> None:
    """The checks that the pages show pass on the reference, and lose points on a known mistake."""
    examples = {
        page: code
        for page, language, code in snippets()
        if language == "python" and "@pytest.mark.points" in code
    }
    assert set(examples) == {"README.md", "docs/authoring.md"}
    folder = tmp_path / "tests" / "calculus"
    folder.mkdir(parents=True)
    shutil.copytree(PROJECT / "reference", tmp_path / "reference")
    # The README's example is an excerpt: it stands where the other one has its imports.
    (folder / "test_derivative.py").write_text(
        f"{examples['docs/authoring.md']}\n\n{examples['README.md']}", encoding="utf-8"
    )
    mistakes = PROJECT / "tests" / "calculus" / "mistakes" / "derivative"
    right = load_module(tmp_path / "reference" / "calculus.py", "reference_of_the_pages")
    wrong = load_module(mistakes / "forward-difference.py", "mistake_of_the_pages")
    failed: dict[str, list[str]] = {}

    def drive(suite: Suite) -> None:
        for title, module in (("right", right), ("wrong", wrong)):
            checks = suite.run(ReferenceSubject(module))["derivative"]
            failed[title] = [
                check.name for check in checks if check.status is not CheckStatus.PASSED
            ]

    with_suite(folder, tmp_path, drive)
    assert failed == {"right": [], "wrong": ["test_is_second_order"]}


def test_python_in_pages_compiles() -> None:
    """Code that a page shows as Python is Python."""
    shown = [snippet for snippet in snippets() if snippet.language == "python"]
    assert len(shown) > 3
    for page, _, code in shown:
        compile(code, page, "exec")


def test_configuration_in_pages_can_be_loaded() -> None:
    """The settings that a page shows as code are Python that nbgrader's loader can run."""
    for page, language, code in snippets():
        if language == "python" and code.startswith("c."):
            config = Config()
            exec(compile(code, page, "exec"), {"c": config})  # noqa: S102 - our own page
            assert config


def test_the_changelog_knows_this_version() -> None:
    """What users may notice of this version is written down."""
    assert f"## {__version__}" in PAGES["CHANGELOG.md"]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__


def test_constraints_pin_versions_and_nothing_else() -> None:
    """No address, no path and no hash: what is installed comes from where the user's pip looks."""
    lines = (PROJECT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 50
    for line in pins:
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line), line


def test_nothing_of_a_certain_machine_is_in_the_project() -> None:
    """No file names somebody's folders, or a host that has no business in it."""
    for path in tracked_files():
        name = path.relative_to(PROJECT)
        if name.parts[:2] == ("meta_tests", "attacks"):
            continue  # attackers try to reach everything
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            assert path.suffix == ".png", name
            continue
        assert not FOLDERS_OF_SOMEBODYS_MACHINE.search(text), name
        assert not PACKAGE_INDEX.search(text), name
        if name.parts[0] != "meta_tests":  # tests make addresses up
            hosts = {*re.findall(r"https?://([\w.-]+)", text)}
            assert hosts <= HOSTS, name
