"""Drive the hidden checks with pytest: one session, many submissions, a result a check.

The checks are collected once; then `Suite.run` runs all of them on one submission after another.
What the end of a check means is decided in `numgrade.verdict`.
"""

from __future__ import annotations

import inspect
import os
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from numgrade.errors import CourseError
from numgrade.pytest_plugin import SUBJECT, exercise_of
from numgrade.results import CheckResult, CheckStatus, earned
from numgrade.verdict import Outcome, fresh_arguments, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numgrade.pytest_plugin import Subject


_OUR_FIXTURES = frozenset({"student", "reference", "rng", "request"})


class Check(msgspec.Struct, frozen=True):
    """A collected check: its pytest item, and what it is worth."""

    item: pytest.Function
    exercise: str
    name: str
    title: str
    points: float
    is_plain: bool


class Suite:
    """The hidden checks of an assignment, collected and ready to run on submissions.

    Attributes
    ----------
    checks : list of Check
        In the order in which they run.
    warnings : list of str
        What the author should know about the checks, from the latest run.
    """

    def __init__(self, session: pytest.Session, outcomes: _Outcomes) -> None:
        self._config = session.config
        self._outcomes = outcomes
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        shared = Counter((item.path, item.originalname) for item in items)
        seen: Counter[tuple[Path, str]] = Counter()
        self.checks = []
        for item in items:
            function = (item.path, item.originalname)
            seen[function] += 1
            self.checks.append(_check(item, seen[function], shared[function]))
        self.warnings: list[str] = []

    def max_scores(self) -> dict[str, float]:
        """Return what each exercise is worth."""
        totals: dict[str, float] = {}
        for check in self.checks:
            totals[check.exercise] = totals.get(check.exercise, 0.0) + check.points
        return {exercise: round(points, 6) for exercise, points in totals.items()}

    def run(
        self, subject: Subject, before_each: Callable[[str], None] | None = None
    ) -> dict[str, list[CheckResult]]:
        """Run every check on one subject.

        Parameters
        ----------
        subject : Subject
            Whose code is checked.
        before_each : callable, optional
            Called with the name of each check before it runs: the grader's heartbeat.

        Returns
        -------
        dict of str to list of CheckResult
            By exercise, in the order of the checks.
        """
        self._config.stash[SUBJECT] = subject
        self.warnings = []
        results: dict[str, list[CheckResult]] = {}
        try:
            for index, check in enumerate(self.checks):
                if before_each is not None:
                    before_each(check.name)
                # Naming the next check keeps pytest's set-up of modules between submissions.
                following = self.checks[(index + 1) % len(self.checks)].item
                outcome = self._run(check, following)
                results.setdefault(check.exercise, []).append(_result(check, outcome))
        finally:
            del self._config.stash[SUBJECT]
        return results

    def _run(self, check: Check, following: pytest.Function) -> Outcome:
        if check.is_plain:
            outcome = self._run_plain(check.item)
        else:
            self._config.hook.pytest_runtest_protocol(item=check.item, nextitem=following)
            outcome = self._outcomes.take(check.item)
        if outcome.warning:
            self.warnings.append(f"{check.exercise}, {check.name}: {outcome.warning}")
        return outcome

    def _run_plain(self, item: pytest.Function) -> Outcome:
        """Call a check that needs our fixtures alone, without pytest's machinery for others.

        Setting fixtures up and tearing them down costs 20 times what a small check itself does.
        """
        started = time.perf_counter()
        error: BaseException | None = None
        try:
            subject = self._config.stash[SUBJECT]
            arguments = fresh_arguments(item, subject.student(exercise_of(item)))
            item.funcargs = {**_parameters(item), **arguments}
            item.function(**item.funcargs)
        except (Exception, pytest.fail.Exception, pytest.skip.Exception) as caught:  # noqa: BLE001
            error = caught
        outcome = outcome_of(item, error)
        return msgspec.structs.replace(outcome, seconds=time.perf_counter() - started)


class _Outcomes:
    """Turns the end of a check into an outcome, in place of pytest's own reports."""

    def __init__(self) -> None:
        self._outcomes: dict[str, Outcome] = {}

    def take(self, item: pytest.Item) -> Outcome:
        """Return the outcome of the check that has just run."""
        missing = Outcome(CheckStatus.NOT_RUN, warning="pytest did not run the check")
        return self._outcomes.pop(item.nodeid, missing)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """Note the outcome; a report without a traceback is all that pytest needs."""
        if call.when == "call" or (call.when == "setup" and call.excinfo is not None):
            error = None if call.excinfo is None else call.excinfo.value
            outcome = outcome_of(item, error)
            self._outcomes[item.nodeid] = msgspec.structs.replace(outcome, seconds=call.duration)
        failed = call.excinfo is not None
        return pytest.TestReport(
            nodeid=item.nodeid,
            location=item.location,
            keywords={},
            outcome="failed" if failed else "passed",
            longrepr=None,
            when="call" if call.when == "collect" else call.when,
            duration=call.duration,
        )


class _Driver:
    """Hands the collected checks to `drive` in place of pytest's own loop over them."""

    def __init__(self, drive: Callable[[Suite], None], outcomes: _Outcomes) -> None:
        self._drive = drive
        self._outcomes = outcomes
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
            self._problems.append(f"{report.nodeid}: {report.longreprtext[-1000:]}")

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
            raise CourseError("the checks cannot be collected: " + "\n".join(self._problems))
        suite = Suite(session, self._outcomes)
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
    outcomes = _Outcomes()
    driver = _Driver(drive, outcomes)
    options = [
        *("-c", os.devnull, f"--rootdir={root}", f"--confcutdir={root}"),
        *("--assert=plain", "--tb=line", "--import-mode=importlib", "--strict-markers"),
        *("-p", "no:cacheprovider", "-p", "numgrade.pytest_plugin", "--capture=sys"),
        *(f"--ignore={folder / bank}" for bank in ("variants", "mistakes")),
    ]
    with _without_other_plugins():
        status = pytest.main([*options, str(folder)], plugins=[outcomes, driver])
    if driver.failure is not None:
        raise driver.failure
    if not driver.has_driven:
        raise CourseError(f"{folder}: pytest ended with status {int(status)} before any check ran")


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


def _check(item: pytest.Function, number: int, of: int) -> Check:
    """Describe one item; `of` items share the points of its function, this is one of them."""
    return Check(
        item=item,
        exercise=exercise_of(item),
        name=item.name,
        title=_title(item) if of == 1 else f"{_title(item)} ({number} of {of})",
        points=_points(item) / of,
        is_plain=_is_plain(item),
    )


def _title(item: pytest.Function) -> str:
    """Return the first line of a check's docstring, or its name in words."""
    docstring = inspect.getdoc(item.function) or ""
    return docstring.partition("\n")[0] or item.originalname.removeprefix("test_").replace("_", " ")


def _is_plain(item: pytest.Function) -> bool:
    """Tell whether a check needs nothing of pytest's but its parameters and our fixtures."""
    marks = list(item.iter_markers())
    parametrized = [mark for mark in marks if mark.name == "parametrize"]
    return (
        item.cls is None
        and all(mark.name in {"points", "parametrize"} for mark in marks)
        and not any(mark.kwargs.get("indirect") for mark in parametrized)
        and set(item.fixturenames) - set(_parameters(item)) <= _OUR_FIXTURES
    )


def _parameters(item: pytest.Function) -> dict[str, Any]:
    return dict(item.callspec.params) if hasattr(item, "callspec") else {}


def _points(item: pytest.Function) -> float:
    mark = item.get_closest_marker("points")
    if mark is None or len(mark.args) != 1 or not isinstance(mark.args[0], int | float):
        raise CourseError(
            f"{item.nodeid} has no points: write @pytest.mark.points(1), say, above it"
        )
    return float(mark.args[0])
