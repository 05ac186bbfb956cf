"""A score is decided in one place, and the record of it is what other tools were promised."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numgrade.results import (
    CheckResult,
    CheckStatus,
    ExerciseResult,
    SubmissionResult,
    SubmissionStatus,
    earned,
    judge,
)

LOST = [status for status in CheckStatus if status is not CheckStatus.PASSED]

points = st.integers(0, 400).map(lambda hundredths: hundredths / 100)
texts = st.text(max_size=20)
statuses = st.sampled_from(CheckStatus)


def check(status: CheckStatus, max_points: float = 1.0, name: str = "test_it") -> CheckResult:
    """Return a check that ended so, with the points that it earned."""
    return CheckResult(
        name=name,
        title="It.",
        status=status,
        points=earned(status, max_points),
        max_points=max_points,
    )


checks = st.builds(check, statuses, points, texts)
exercises = st.builds(ExerciseResult.of, texts, st.lists(checks, max_size=4), st.none() | texts)
submissions = st.builds(
    SubmissionResult,
    assignment=texts,
    student=texts,
    status=st.sampled_from(SubmissionStatus),
    score=st.none() | points,
    max_score=points,
    protection=st.sampled_from(["A", "B", "C", None]),
    seconds=st.floats(0, 1e6),
    warnings=st.lists(texts, max_size=3).map(tuple),
    submission_sha256=st.none() | texts,
    checks_sha256=texts,
    exercises=st.lists(exercises, max_size=3).map(tuple),
)


@given(max_points=points)
def test_only_a_passed_check_earns_points(max_points: float) -> None:
    """It earns all of them; every other end, whosever fault it is, earns none."""
    assert earned(CheckStatus.PASSED, max_points) == max_points
    assert {earned(status, max_points) for status in LOST} == {0.0}


@given(ends=st.lists(st.tuples(statuses, st.integers(0, 400)), max_size=20))
def test_an_exercise_adds_up_its_checks(ends: list[tuple[CheckStatus, int]]) -> None:
    """Exact to the hundredth of a point, which floats that are added one by one are not."""
    exercise = ExerciseResult.of("double", [check(status, n / 100) for status, n in ends])
    passed = sum(n for status, n in ends if status is CheckStatus.PASSED)
    assert exercise.score == passed / 100
    assert exercise.max_score == sum(n for _, n in ends) / 100
    assert len(exercise.checks) == len(ends)


@pytest.mark.parametrize("diagnosis", [None, "forward-difference"])
def test_an_exercise_keeps_its_name_and_diagnosis(diagnosis: str | None) -> None:
    """What is added up neither changes nor loses which mistake it was."""
    exercise = ExerciseResult.of("double", [check(CheckStatus.FAILED)], diagnosis)
    assert (exercise.name, exercise.diagnosis) == ("double", diagnosis)
    assert ExerciseResult.of("double", []).diagnosis is None


@pytest.mark.parametrize("parts", [3, 6, 7, 9, 11, 13])
def test_equal_shares_of_a_point_are_a_point(parts: int) -> None:
    """Full marks of a parametrised check are no 0.9999."""
    shares = [check(CheckStatus.PASSED, 1 / parts) for _ in range(parts)]
    exercise = ExerciseResult.of("double", iter(shares))
    assert (exercise.score, exercise.max_score) == (1.0, 1.0)
    assert judge([exercise] * 3) == (SubmissionStatus.GRADED, 3.0)


@given(st.lists(exercises, max_size=4))
def test_a_submission_is_scored_if_all_its_checks_were_run(given: list[ExerciseResult]) -> None:
    """One check that could not be run, or none at all, leaves it without a score."""
    ends = [check.status for exercise in given for check in exercise.checks]
    status, score = judge(iter(given))
    if not ends or CheckStatus.NOT_RUN in ends:
        assert (status, score) == (SubmissionStatus.UNSCORED, None)
    else:
        assert status is SubmissionStatus.GRADED
        assert score == pytest.approx(sum(exercise.score for exercise in given))


def test_no_answer_is_never_full_marks() -> None:
    """Neither no exercise nor exercises without checks make a score, not even zero."""
    empty = ExerciseResult.of("double", [])
    for nothing in ([], [empty], [empty, empty]):
        assert judge(nothing) == (SubmissionStatus.UNSCORED, None)


@given(submissions)
def test_a_record_comes_back_equal(result: SubmissionResult) -> None:
    """From one line of JSON, whatever names and messages hold."""
    line = result.to_json()
    assert b"\n" not in line
    assert SubmissionResult.from_json(line) == result
    assert SubmissionResult.from_json(line + b"\n") == result


# The contract: names of fields, and what a JSON reader sees of each. Fields may be gained.
NUMBER, TEXT, TEXT_OR_NULL = (float,), (str,), (str, type(None))
SUBMISSION_FIELDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("assignment", "student", "status", "checks_sha256"), TEXT),
    **dict.fromkeys(("max_score", "seconds"), NUMBER),
    **dict.fromkeys(("protection", "submission_sha256"), TEXT_OR_NULL),
    **dict.fromkeys(("warnings", "exercises"), (list,)),
    "score": (float, type(None)),
}
EXERCISE_FIELDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("score", "max_score"), NUMBER),
    "name": TEXT,
    "diagnosis": TEXT_OR_NULL,
    "checks": (list,),
}
CHECK_FIELDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("name", "status", "message"), TEXT),
    **dict.fromkeys(("points", "max_points", "seconds"), NUMBER),
}


@given(submissions)
def test_the_record_is_as_contracted(result: SubmissionResult) -> None:
    """Every field is written, null where it is unknown, a number always with its point."""
    record = json.loads(result.to_json())
    assert_fields(record, SUBMISSION_FIELDS)
    for exercise in record["exercises"]:
        assert_fields(exercise, EXERCISE_FIELDS)
        for each in exercise["checks"]:
            assert_fields(each, CHECK_FIELDS)


def assert_fields(record: dict[str, Any], fields: dict[str, tuple[type, ...]]) -> None:
    """Check that a JSON object has these fields, of these types."""
    assert fields.keys() <= record.keys()
    assert {name: type(record[name]) in fields[name] for name in fields} == dict.fromkeys(
        fields, True
    )


def test_the_statuses_are_those_of_the_contract() -> None:
    """Other tools match these words."""
    assert [*map(str, CheckStatus)] == "passed failed error timed_out killed not_run".split()
    assert [*map(str, SubmissionStatus)] == "graded missing unreadable unscored".split()


SMALLEST: dict[str, Any] = {
    "assignment": "calculus",
    "student": "s-017",
    "status": "graded",
    "score": 15.5,
    "max_score": 20.0,
    "checks_sha256": "0" * 64,
}


def test_the_example_of_the_contract_is_read() -> None:
    """A record may lack what has a default, and have fields of a later version."""
    read = SubmissionResult.from_json(json.dumps({**SMALLEST, "later": [1]}).encode())
    assert (read.status, read.score, read.protection) == (SubmissionStatus.GRADED, 15.5, None)
    assert (read.warnings, read.exercises, read.submission_sha256) == ((), (), None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "passed"},
        {"score": "15.5"},
        {"max_score": None},
        {"protection": "D"},
        {"warnings": "none"},
        {"exercises": [{"name": "double"}]},
        {"student": None},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_breaks_the_contract_is_refused(wrong: dict[str, Any]) -> None:
    """A wrong word, type or part is an error, never a guess."""
    with pytest.raises(msgspec.ValidationError):
        SubmissionResult.from_json(json.dumps({**SMALLEST, **wrong}).encode())


@pytest.mark.parametrize("name", SMALLEST)
def test_what_identifies_a_record_cannot_be_missing(name: str) -> None:
    """Who, what, how, and by which checks: without one of them it is no record."""
    rest = {key: value for key, value in SMALLEST.items() if key != name}
    with pytest.raises(msgspec.ValidationError, match=name):
        SubmissionResult.from_json(json.dumps(rest).encode())


@pytest.mark.parametrize(
    "record",
    [
        check(CheckStatus.PASSED),
        ExerciseResult.of("double", []),
        msgspec.convert(SMALLEST, SubmissionResult),
    ],
    ids=["check", "exercise", "submission"],
)
def test_records_cannot_be_changed(record: CheckResult | ExerciseResult | SubmissionResult) -> None:
    """A score that has been decided stays as it is."""
    for name in record.__struct_fields__:
        with pytest.raises(AttributeError, match="immutable"):
            setattr(record, name, 1.0)
