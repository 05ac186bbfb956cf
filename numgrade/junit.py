"""The checks as JUnit XML: a test suite a student, a test case a check.

A check that a student's answer did not pass is a `failure`, however it ended: a wrong answer, an
exception, no end. An `error` is what JUnit has it for, a problem of the test's own: a check that we
could not run. A `skipped` would let work without a score pass for work that needs none.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from numgrade.results import CheckResult, CheckStatus, SubmissionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numgrade.results import SubmissionResult

# XML 1.0, section 2.2: all other characters may not even be written as references.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(assignment: str, results: Sequence[SubmissionResult]) -> bytes:
    """Return the results of a class as one JUnit XML document."""
    root = ET.Element("testsuites", name=_xml(assignment))
    counts: Counter[str] = Counter()
    for result in results:
        suite, counted = _suite(result)
        root.append(suite)
        counts.update(counted)
    _put_counts(root, counts, sum(result.seconds for result in results))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(result: SubmissionResult) -> tuple[ET.Element, Counter[str]]:
    suite = ET.Element("testsuite", name=_xml(result.student))
    properties = ET.SubElement(suite, "properties")
    for name, value in _facts(result):
        ET.SubElement(properties, "property", name=name, value=_xml(value))
    counts: Counter[str] = Counter()
    for exercise, check in _checks(result):
        counts.update(["tests", _add_case(suite, exercise, check)])
    _put_counts(suite, counts, result.seconds)
    if result.warnings:
        ET.SubElement(suite, "system-out").text = _xml("\n".join(result.warnings))
    return suite, counts


def _facts(result: SubmissionResult) -> Iterator[tuple[str, str]]:
    yield "status", result.status
    if result.score is not None:
        yield "score", f"{result.score:g}"
    yield "max_score", f"{result.max_score:g}"
    yield "checks_sha256", result.checks_sha256


def _checks(result: SubmissionResult) -> Iterator[tuple[str, CheckResult]]:
    """Yield exercises and checks; for a submission without any, one that says why."""
    checks = [(each.name, check) for each in result.exercises for check in each.checks]
    ours = result.status is SubmissionStatus.UNSCORED
    named = any(check.status is CheckStatus.NOT_RUN for _, check in checks)
    if not checks or (ours and not named):
        yield (
            "submission",
            CheckResult(
                name=result.status,
                title="",
                status=CheckStatus.NOT_RUN if ours else CheckStatus.FAILED,
                points=0.0,
                max_points=result.max_score,
                message=" ".join(result.warnings),
            ),
        )
    yield from checks


def _add_case(suite: ET.Element, exercise: str, check: CheckResult) -> str:
    """Add a test case; return as what it counts."""
    case = ET.SubElement(suite, "testcase", classname=_xml(exercise), name=_xml(check.name))
    case.set("time", f"{check.seconds:.3f}")
    if check.status is CheckStatus.PASSED:
        return "passed"
    kind = "error" if check.status is CheckStatus.NOT_RUN else "failure"
    message = _xml(check.message or check.title)
    ET.SubElement(case, kind, type=check.status, message=message).text = message
    return f"{kind}s"


def _put_counts(element: ET.Element, counts: Counter[str], seconds: float) -> None:
    for name in ("tests", "failures", "errors"):
        element.set(name, str(counts[name]))
    if element.tag == "testsuite":
        element.set("skipped", "0")
    element.set("time", f"{seconds:.3f}")


def _xml(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
