"""Drive the hidden checks with pytest: one session, many submissions, a result a check.

The checks are collected once; then `Suite.run` runs all of them on one submission after another.
What the end of a check means is decided in `numgrade.verdict`.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
import pytest

from numgrade.errors import CourseError, InfrastructureError
from numgrade.items import describe, fresh_arguments, parameters_of
from numgrade.pytest_plugin import SUBJECT, ReferenceSubject, reference_of
from numgrade.results import CheckResult, earned
from numgrade.verdict import Outcome, blame, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import ModuleType

    from numgrade.items import Check
    from numgrade.pytest_plugin import Subject


class Suite:
    """The hidden checks of an assignment, collected and ready to run on submissions.

    Attributes
    ----------
    checks : list of Check
        In the order in which they run.
    warnings : list of str
        What the author should know about the checks, from the latest run.
    """

    def __init__(self, session: pytest.Session, ends: _Ends) -> None:
        self._config = session.config
        self._ends = ends
        self.checks = describe(session.items)
        self.warnings: list[str] = []

    def max_scores(self) -> dict[str, float]:
        """Return what each exercise is worth."""
        totals: dict[str, float] = {}
        for check in self.checks:
            totals[check.exercise] = totals.get(check.exercise, 0.0) + check.points
        return {exercise: round(points, 6) for exercise, points in totals.items()}

    @property
    def reference(self) -> ModuleType:
        """The reference implementation."""
        return reference_of(self.checks[0].item)

    def run(
        self,
        subject: Subject,
        before_each: Callable[[str], None] | None = None,
        after_each: Callable[[Check, CheckResult], None] | None = None,
        checks: Sequence[Check] | None = None,
    ) -> dict[str, list[CheckResult]]:
        """Run checks on one subject.

        Parameters
        ----------
        subject : Subject
            Whose code is checked.
        before_each : callable, optional
            Called with the name of each check before it runs: the grader's heartbeat.
        after_each : callable, optional
            Called with each check after it has run, and its result.
        checks : sequence of Check, optional
            Some of the suite's; all of them by default.

        Returns
        -------
        dict of str to list of CheckResult
            By exercise, in the order of the checks.
        """
        self._config.stash[SUBJECT] = subject
        self.warnings = []
        results: dict[str, list[CheckResult]] = {}
        checks = self.checks if checks is None else checks
        try:
            for index, check in enumerate(checks):
                if before_each is not None:
                    before_each(check.name)
                # Naming the next check keeps pytest's set-up of modules between submissions.
                # An only check is not its own next one: it would keep the student of before.
                following = checks[(index + 1) % len(checks)].item
                outcome = self._run(check, None if following is check.item else following)
                result = _result(check, outcome)
                results.setdefault(check.exercise, []).append(result)
                if after_each is not None:
                    after_each(check, result)
        finally:
            del self._config.stash[SUBJECT]
        return results

    def _run(self, check: Check, following: pytest.Function | None) -> Outcome:
        started = time.perf_counter()
        error = self._attempt(check, following)
        seconds = time.perf_counter() - started
        outcome = outcome_of(error)
        if outcome is None:
            with self._reference_as_subject(check.item):
                outcome = blame(error, self._attempt(check, following))
        if outcome.warning:
            self.warnings.append(f"{check.exercise}, {check.name}: {outcome.warning}")
        return msgspec.structs.replace(outcome, seconds=seconds)

    def _attempt(self, check: Check, following: pytest.Function | None) -> BaseException | None:
        """Run a check on the subject; return what ended it."""
        if check.is_plain:
            return self._attempt_plain(check.item)
        self._config.hook.pytest_runtest_protocol(item=check.item, nextitem=following)
        return self._ends.take(check.item)

    def _attempt_plain(self, item: pytest.Function) -> BaseException | None:
        """Call a check that needs our fixtures alone, without pytest's machinery for others.

        Setting fixtures up and tearing them down costs 20 times what a small check itself does.
        """
        try:
            arguments = fresh_arguments(item, self._config.stash[SUBJECT])
            item.function(**arguments, **parameters_of(item))
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as error:  # noqa: BLE001
            return error
        return None

    @contextmanager
    def _reference_as_subject(self, item: pytest.Function) -> Iterator[None]:
        """Put the reference in the student's place; the same seed draws the same inputs."""
        subject = self._config.stash[SUBJECT]
        self._config.stash[SUBJECT] = ReferenceSubject(reference_of(item), subject.seed)
        try:
            yield
        finally:
            self._config.stash[SUBJECT] = subject


class _Ends:
    """Notes what ended each check, in place of pytest's own reports."""

    def __init__(self) -> None:
        self._ends: dict[str, BaseException | None] = {}

    def take(self, item: pytest.Item) -> BaseException | None:
        """Return what ended the check that has just run: nothing, if it passed."""
        return self._ends.pop(item.nodeid, InfrastructureError("pytest did not run the check"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Note the first thing that went wrong in setting up, calling and tearing down.

        A report without a traceback is all that pytest needs.
        """
        error = None if call.excinfo is None else call.excinfo.value
        if call.when == "call" or error is not None:
            self._ends[item.nodeid] = self._ends.get(item.nodeid) or error
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="passed" if error is None else "failed",
            longrepr=None,
            when="call" if call.when == "collect" else call.when,
            duration=call.duration,
        )


class _Driver:
    """Hands the collected checks to `drive` in place of pytest's own loop over them."""

    def __init__(self, drive: Callable[[Suite], None], ends: _Ends) -> None:
        self._drive = drive
        self._ends = ends
        self._problems: list[str] = []
        self.failure: BaseException | None = None
        self.has_driven = False

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Silence pytest: what it would print is for an author, and they run it themselves."""
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        config.pluginmanager.unregister(reporter)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file of checks that cannot be imported."""
        if report.failed:
            before, heading, frames = report.longreprtext.partition("Traceback:\n")
            where = (frames if heading else before).strip()
            self._problems.append(f"{report.nodeid}:\n{where[-1000:]}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the drive."""
        self.has_driven = True
        try:
            self._drive(self._suite(session))
        except BaseException as error:  # noqa: BLE001 - raised again outside of pytest
            self.failure = error
        return True

    def _suite(self, session: pytest.Session) -> Suite:
        if self._problems:
            raise CourseError("the checks cannot be collected:\n" + "\n".join(self._problems))
        suite = Suite(session, self._ends)
        if not suite.checks:
            raise CourseError(f"{session.config.rootpath}: no check was found")
        return suite


def with_suite(folder: Path, root: Path, drive: Callable[[Suite], None]) -> None:
    """Collect the checks in `folder` and call `drive` with them, inside a pytest session.

    Parameters
    ----------
    folder : pathlib.Path
        tests/<assignment>.
    root : pathlib.Path
        The course.
    drive : callable
        Receives the suite; everything it does happens within the session.

    Raises
    ------
    CourseError
        If the checks cannot be collected.
    """
    ends = _Ends()
    driver = _Driver(drive, ends)
    options = [
        *("-c", os.devnull, f"--rootdir={root}", f"--confcutdir={root}"),
        *("--assert=plain", "--tb=line", "--import-mode=importlib", "--strict-markers"),
        # These two collect garbage over and over, for warnings that nobody would see here.
        *("-p", "no:unraisableexception", "-p", "no:threadexception"),
        *("-p", "no:cacheprovider", "-p", "numgrade.pytest_plugin", "--capture=sys"),
        *(f"--ignore={folder / bank}" for bank in ("variants", "mistakes")),
    ]
    _forget_modules(folder, root)
    with _without_other_plugins():
        status = pytest.main([*options, str(folder)], plugins=[ends, driver])
    if driver.failure is not None:
        raise driver.failure
    if not driver.has_driven:
        raise CourseError(f"{folder}: pytest ended with status {int(status)} before any check ran")


def _forget_modules(folder: Path, root: Path) -> None:
    """Have the checks imported anew: pytest names them alike in every course of a process."""
    for path in folder.rglob("*.py"):
        name = ".".join(path.relative_to(root).with_suffix("").parts)
        sys.modules.pop(name, None)


@contextmanager
def _without_other_plugins() -> Iterator[None]:
    """Keep installed plugins out of grading: none of them should be able to change a mark."""
    name = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _result(check: Check, outcome: Outcome) -> CheckResult:
    return CheckResult(
        name=check.name,
        title=check.title,
        status=outcome.status,
        points=earned(outcome.status, check.points),
        max_points=check.points,
        message=outcome.message,
        seconds=round(outcome.seconds, 6),
    )
