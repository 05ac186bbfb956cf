"""A wrong answer gets the name of the mistake that gives it, and no other; a right one none."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
import pytest

from meta_tests.rewriting import rewritten
from meta_tests.spine import PROJECT, assignment_in, run_suite
from numgrade.banks import Solution, read_banks
from numgrade.candidates import Candidate
from numgrade.deadline import deadline, silently
from numgrade.diagnosis import Diagnosis
from numgrade.errors import StudentError, StudentTimedOut
from numgrade.likeness import flatten, same_points
from numgrade.local import LocalStudent, load_module
from numgrade.recording import Failure, Recording
from numgrade.replay import MAX_EVALUATIONS
from numgrade.results import CheckStatus
from numgrade.trials import checks_by_exercise, namespace_of, run_check, seed_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from numgrade.checks import Suite

pytest_plugins = ["meta_tests.spine"]

CALCULUS = PROJECT / "tests" / "calculus"
ENDLESS = "never-stops"

SAME = 1e-6
"""Relative difference of two writings; what a small step amplifies most is 1e-16 / 1e-10."""


class Attempt(NamedTuple):
    """A solution that was tried on the checks of its exercise, and the calls that they made."""

    solution: Solution
    failed: list[Recording]
    passed: list[Recording]

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.solution.exercise}/{self.solution.name}"

    def diagnosed(self, diagnosis: Diagnosis) -> str | None:
        """Return what its student would be told."""
        return diagnosis.of(self.solution.exercise, self.failed, self.passed)


def attempts(sources: Iterable[tuple[Solution, str]]) -> list[Attempt]:
    """Try sources on the checks of calculus, in this process and with one seed."""
    made: list[Attempt] = []

    def drive(suite: Suite) -> None:
        checks = checks_by_exercise(suite)
        with silently(), deadline():
            for solution, source in sources:
                made.append(attempt := Attempt(solution, [], []))
                candidate = Candidate("source", solution.exercise, solution.name, source)
                subject = Subject(namespace_of(candidate))
                for check in checks[solution.exercise]:
                    (result, _) = run_check(suite, check, subject)
                    passed = result.status is CheckStatus.PASSED
                    (attempt.passed if passed else attempt.failed).append(subject.latest.recording)
                    if result.status is CheckStatus.TIMED_OUT:
                        break

    run_suite(assignment_in(PROJECT, "calculus"), drive)
    return made


@pytest.fixture(scope="module")
def bank() -> list[Solution]:
    """Return the variants and mistakes of calculus."""
    return read_banks(CALCULUS)


class Subject:
    """Code in this process whose calls are recorded, as a student's are."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.seed = seed_of(7)
        self._namespace = namespace
        self.latest = LocalStudent(namespace)

    def student(self, exercise: str) -> LocalStudent:  # noqa: ARG002 - as the protocol has it
        """Return a fresh `student`."""
        self.latest = LocalStudent(self._namespace)
        return self.latest

    def close(self) -> None:
        """There is nothing to end."""


@pytest.fixture(scope="module")
def in_other_words(bank: list[Solution]) -> list[Attempt]:
    """Return the attempts of all variants and mistakes in another writing than the bank's."""
    return attempts((solution, rewritten(solution.source)) for solution in bank)


@pytest.fixture(scope="module")
def calculus() -> Diagnosis:
    """Return the diagnosis of calculus."""
    return Diagnosis(CALCULUS, vars(load_module(PROJECT / "reference/calculus.py", "reference")))


def test_mistakes_in_other_words_are_named(
    in_other_words: list[Attempt], calculus: Diagnosis
) -> None:
    """Nine mistakes of ten get their own name, however they are written; the others get none."""
    mistakes = [each for each in in_other_words if not each.solution.is_right]
    found = {each.name: (each.solution.name, each.diagnosed(calculus)) for each in mistakes}
    wrongly = {name for name, (own, said) in found.items() if said not in {own, None}}
    rightly = {name for name, (own, said) in found.items() if said == own}
    assert not wrongly
    assert len(rightly) >= 0.9 * len(found), sorted(found.keys() - rightly)


def test_no_variant_is_diagnosed(in_other_words: list[Attempt], calculus: Diagnosis) -> None:
    """Right solutions fail no check, so there is nothing to explain."""
    variants = [each for each in in_other_words if each.solution.is_right]
    assert len(variants) >= 90
    assert [each.name for each in variants if each.failed or each.diagnosed(calculus)] == []


ACCIDENTS: dict[str, Callable[[Any], Any]] = {
    "nothing": lambda _: None,
    "no number": lambda answer: np.multiply(answer, math.nan)[()],
    "a slip": lambda answer: np.multiply(answer, 1.003)[()],
    "an exception": lambda _: Failure("raised", "ValueError"),
    "too late": lambda _: Failure("stopped"),
}
"""What becomes of a right answer."""


@pytest.mark.parametrize("accident", ACCIDENTS.values(), ids=ACCIDENTS)
def test_a_right_solution_with_an_accident_is_not_diagnosed(
    in_other_words: list[Attempt], calculus: Diagnosis, accident: Callable[[Any], Any]
) -> None:
    """One check that a right solution fails, for a reason of its own, is nobody's mistake."""
    functions = [each for each in in_other_words if each.solution.exercise != "quiz"]
    for attempt in [each for each in functions if each.solution.is_right][::3]:
        for place, recording in enumerate(attempt.passed):
            others = attempt.passed[:place] + attempt.passed[place + 1 :]
            outcome = accident(recording.calls[-1].outcome)
            spoilt = Attempt(attempt.solution, [ending_with(outcome, recording)], others)
            assert spoilt.diagnosed(calculus) is None, (attempt.name, place)


def ending_with(outcome: object, recording: Recording) -> Recording:
    """Return a recording whose last call has come to another end."""
    *before, last = recording.calls
    asked = {"counts": (), "points": ()} if isinstance(outcome, Failure) else {}
    other = Recording()
    other.calls = [*before, msgspec.structs.replace(last, outcome=outcome, **asked)]
    return other


def test_a_mistake_that_the_bank_lacks_gets_no_other_name(
    in_other_words: list[Attempt], calculus: Diagnosis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of mistakes that nobody has thought of, one in fifty at most is taken for another."""
    mistakes = [each for each in in_other_words if not each.solution.is_right]
    wrongly = []
    for attempt in mistakes:
        solution = attempt.solution
        with monkeypatch.context() as patch:
            patch.delitem(calculus._mistakes[solution.exercise], solution.name)
            if name := attempt.diagnosed(calculus):
                wrongly.append(f"{attempt.name}: {name}")
    assert len(wrongly) <= len(mistakes) / 50, wrongly


def test_another_writing_does_the_same(bank: list[Solution], in_other_words: list[Attempt]) -> None:
    """Names, loops and steps apart, it fails the same checks, asks f the same, answers the same."""
    terminating = [solution for solution in bank if solution.name != ENDLESS]
    ours = attempts((solution, solution.source) for solution in terminating)
    theirs = [each for each in in_other_words if each.solution.name != ENDLESS]
    for one, other in zip(ours, theirs, strict=True):
        for recordings in (one.failed, other.failed), (one.passed, other.passed):
            for first, second in zip(*recordings, strict=True):
                for call, again in zip(first.calls, second.calls, strict=True):
                    answers = flatten(call.outcome), flatten(again.outcome)
                    assert answers[0].is_like(answers[1], SAME), (one.name, *answers)
                    assert same_points(call.points, again.points), one.name


def test_another_writing_is_another_one(bank: list[Solution]) -> None:
    """Names change, vectors become loops, and loops become vectors or loops of another kind."""
    sources = {(each.exercise, each.name): each.source for each in bank}
    rule = rewritten(sources["trapezoidal_integration", "lesson-width"])
    assert "linspace" in sources["trapezoidal_integration", "lesson-width"]
    assert "linspace" not in rule
    assert rule.count(" for ") == 3  # nodes, values, panels
    midpoints = rewritten(sources["trapezoidal_integration", "midpoint-rule"])
    assert "for " not in midpoints
    assert "np.sum" in midpoints
    assert "while" in rewritten(sources["gradient_descent", "ascent"])
    unchanged = [each.name for each in bank if rewritten(each.source) == each.source]
    assert {each.exercise for each in bank if each.name in unchanged} <= {"quiz"}


REFERENCE = "def slope(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / (2 * h)\n"
ONE_SIDED = "def slope(f, x, h=1e-5):\n    return (f(x + h) - f(x)) / h\n"
TWICE = "def slope(f, x, h=1e-5):\n    return (f(x + h) - f(x - h)) / h\n"
LOST = "def slope(f, x, h=1e-5):\n    y = f(x + h)\n"
LOST_BELOW = "def slope(f, x, h=1e-5):\n    y = f(x - h)\n"
REMOVED = "import numpy as np\ndef slope(f, x, h=1e-5):\n    return np.trapz(f(x + h))\n"
NEVER_STOPS = "def slope(f, x, h=1e-5):\n    while f(x) < 100:\n        h = h / 2\n"
NEVER_STOPS_ABOVE = "def slope(f, x, h=1e-5):\n    while f(x + h) < 100:\n        h = h / 2\n"
NEVER_ENDS = "def slope(f, x, h=1e-5):\n    while True:\n        pass\n"
MOVES_X = """def slope(f, x, h=1e-5):
    x += h
    above = f(x)
    x -= 2 * h
    return (above - f(x)) / (2 * h)
"""


class Ask:
    """What a check asks of a student, recorded; and the diagnosis by a bank of a few lines."""

    def __init__(self, folder: Path, **mistakes: str) -> None:
        for name, source in mistakes.items():
            path = folder / "mistakes" / "slope" / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f'"""The hint\nof {name}."""\n{source}', encoding="utf-8")
        self.diagnosis = Diagnosis(folder, namespace(REFERENCE))

    def of(self, failed: Iterable[Recording], passed: Iterable[Recording] = ()) -> str | None:
        """Return the diagnosis."""
        return self.diagnosis.of("slope", list(failed), list(passed))


def namespace(source: str) -> Mapping[str, Any]:
    """Return the names that a source defines."""
    return namespace_of(Candidate("source", "slope", "solution", source))


def asked(source: str, f: Callable[[Any], Any] = np.exp, *points: Any) -> Recording:  # noqa: ANN401
    """Return the recording of a check that asks for the slope of f at some points."""
    student = LocalStudent(namespace(source))
    for x in points or (0.5,):
        try:
            student.slope(f, x)
        except StudentError:
            break
    return student.recording


def test_a_wrong_answer_is_named(tmp_path: Path) -> None:
    """The mistake that gives the answer is the diagnosis; its docstring, unwrapped, is the hint."""
    ask = Ask(tmp_path, twice=TWICE, lost=LOST)
    assert ask.of([asked(rewritten(TWICE))]) == "twice"
    assert ask.diagnosis.hints["slope/twice"] == "The hint of twice."
    assert ask.of([asked("def slope(f, x, h=1e-5):\n    return 3 * x\n")]) is None


def test_ambiguity_names_none(tmp_path: Path) -> None:
    """Of two mistakes that do the same none is named."""
    ask = Ask(tmp_path, twice=TWICE, again=rewritten(TWICE))
    assert ask.of([asked(TWICE)]) is None


def test_an_answer_of_the_reference_is_no_mistake(tmp_path: Path) -> None:
    """Where a mistake comes to the right answer, that a student gave it says nothing."""
    ask = Ask(tmp_path, one_sided=ONE_SIDED, absolute=REFERENCE.replace("(f", "abs(f"))
    assert ask.of([asked(REFERENCE)]) is None
    assert ask.of([asked(ONE_SIDED)]) == "one_sided"


def test_a_mistake_must_pass_what_the_student_passed(tmp_path: Path) -> None:
    """A mistake that would fail a check which the student has passed is not the student's."""
    absolute = REFERENCE.replace("(f(x + h) - f(x - h))", "abs(f(x + h) - f(x - h))")
    ask = Ask(tmp_path, absolute=absolute)
    falling, rising = asked(absolute, np.negative), asked(REFERENCE)
    assert ask.of([falling], [rising]) == "absolute"
    assert ask.of([asked(absolute, np.negative)], [asked(REFERENCE, np.negative)]) is None


def test_evaluation_points_tell_twins_apart(tmp_path: Path) -> None:
    """Both return nothing; where they have asked for f shows which one it was."""
    ask = Ask(tmp_path, above=LOST, below=LOST_BELOW)
    assert ask.of([asked(LOST)]) == "above"
    assert ask.of([asked(LOST_BELOW)]) == "below"
    assert ask.of([asked("def slope(f, x, h=1e-5):\n    pass\n")]) is None


def test_what_half_of_all_mistakes_return_is_no_evidence(tmp_path: Path) -> None:
    """That both return None says little where they have asked for f elsewhere."""
    assert Ask(tmp_path, above=LOST).of([asked(LOST_BELOW)]) is None


def test_removed_names_are_told_apart(tmp_path: Path) -> None:
    """An AttributeError is evidence with the name that was missing, and without it is not."""
    ask = Ask(tmp_path, removed=REMOVED)
    assert ask.of([asked(rewritten(REMOVED))]) == "removed"
    assert ask.of([asked(REMOVED.replace("trapz", "integrate"))]) is None


def test_arguments_that_were_changed_tell(tmp_path: Path) -> None:
    """A right answer, with an argument that is not what it was, is a mistake of its own."""
    ask, x = Ask(tmp_path, moves=MOVES_X), np.array([0.25, 0.5])
    assert ask.of([asked(MOVES_X, np.exp, x)]) == "moves"
    assert ask.of([asked(REFERENCE, np.exp, x)]) is None


def test_arguments_that_were_not_changed_tell(tmp_path: Path) -> None:
    """A mistake that changes what a student has left as it was is not the student's."""
    ask, x, integers = Ask(tmp_path, moves=MOVES_X), np.array([0.25, 0.5]), np.array([1, 2])
    failed = asked(MOVES_X, np.exp, integers)
    assert isinstance(failed.calls[-1].outcome, Failure)
    assert ask.of([failed], [asked(MOVES_X, np.exp, x)]) == "moves"
    assert ask.of([failed], [asked(REFERENCE, np.exp, x)]) is None


@pytest.mark.parametrize("stub", ["", "def slope(f, x, h=1e-5):\n    raise NotImplementedError\n"])
def test_an_untouched_stub_gets_none(tmp_path: Path, stub: str) -> None:
    """Who has written nothing has made no mistake, even if the bank holds the like."""
    assert Ask(tmp_path, stub=stub).of([asked(stub)]) is None


def test_a_check_that_was_not_run_is_no_evidence(tmp_path: Path) -> None:
    """What came before a call that never began was right: fair one-sided slopes, say."""
    ask = Ask(tmp_path, one_sided=ONE_SIDED)
    recording = asked(ONE_SIDED, np.exp, 0.5, 0.75)
    assert ask.of([ending_with(Failure("stopped"), recording)]) is None
    assert ask.of([recording]) == "one_sided"


def test_a_check_that_was_not_recorded_whole_is_no_evidence(tmp_path: Path) -> None:
    """A check that moves more numbers than are kept cannot be explained."""
    recording = asked(TWICE)
    recording.is_complete = False
    assert Ask(tmp_path, twice=TWICE).of([recording]) is None


class Endless:
    """A function that a student asks for ever; the time of the check is over after a while."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, x: float) -> float:
        """Return a value, but for once."""
        self.count += 1
        if self.count == MAX_EVALUATIONS + 1000:
            raise StudentTimedOut("The time is over.")
        return x


def test_endless_functions_are_named_by_what_they_ask(tmp_path: Path) -> None:
    """Nothing is answered; the first points at which f was evaluated tell."""
    ask = Ask(tmp_path, at_x=NEVER_STOPS, above_x=NEVER_STOPS_ABOVE, twice=TWICE)
    assert ask.of([asked(NEVER_STOPS, Endless())]) == "at_x"
    assert ask.of([asked(NEVER_STOPS_ABOVE, Endless())]) == "above_x"
    slow = "def slope(f, x, h=1e-5):\n    while f(x - h) < 100:\n        pass\n"
    assert ask.of([asked(slow, Endless())]) is None


def test_endless_functions_cost_a_bounded_number_of_evaluations(tmp_path: Path) -> None:
    """Two calls are looked at, however many there are, by each mistake twice."""
    ask, f = Ask(tmp_path, at_x=NEVER_STOPS), Endless()
    recordings = []
    for _ in range(10):
        f.count = 0
        recordings.append(asked(NEVER_STOPS, f))
    f.count = MAX_EVALUATIONS + 1000  # from here on it does not end any call
    before = f.count
    assert ask.of(recordings) == "at_x"
    assert f.count - before <= 2 * 2 * MAX_EVALUATIONS


def test_a_mistake_gets_few_more_evaluations_than_the_student(tmp_path: Path) -> None:
    """One that never stops costs little where the student has asked for two values."""
    counts: Counter[str] = Counter()

    def f(x: float) -> float:
        counts["f"] += 1
        return x

    ask, recording = Ask(tmp_path, at_x=NEVER_STOPS), asked(TWICE, f)
    assert counts["f"] == 2
    assert ask.of([recording]) is None
    assert counts["f"] <= 100


def test_a_mistake_that_takes_its_time_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the processor time of a diagnosis is over there is none, whatever was found."""
    monkeypatch.setattr("numgrade.deadline.CPU_SECONDS", 0.05)
    assert Ask(tmp_path, hangs=NEVER_ENDS, twice=TWICE).of([asked(TWICE)]) is None


def test_functions_of_a_check_call_no_student_again(tmp_path: Path) -> None:
    """A function that asks the student in its turn gets no answer when the check has ended."""
    student = LocalStudent(namespace(TWICE))
    calls: list[float] = []

    def f(x: float) -> float:
        calls.append(x)
        return float(student.slope(np.exp, x))

    student.slope(f, 0.5)
    known = len(student.recording.calls)
    Ask(tmp_path, twice=TWICE).of([student.recording])
    assert len(calls) > 2  # it was asked again, and
    assert len(student.recording.calls) == known  # had nobody to ask


@pytest.mark.parametrize(
    "point", ["", "[1, [2, 3]]", "{}", "'x'", "x, x", "np.array([])", "10**400"]
)
@pytest.mark.parametrize("answer", ["complex(1.7e308, 1.7e308)", "[1, [x]]", "10**1200", "f"])
def test_nothing_that_a_student_does_ends_a_diagnosis(
    tmp_path: Path, point: str, answer: str
) -> None:
    """Strange points and strange answers are like no mistake's."""
    odd = (
        "import numpy as np\ndef slope(f, x, h=1e-5):\n"
        f"    try:\n        f({point})\n    except Exception:\n        pass\n    return {answer}\n"
    )
    ask = Ask(tmp_path, twice=TWICE, above=LOST)
    assert ask.of([asked(odd, lambda *x: np.exp(x[0]))]) is None


def test_mistakes_are_silent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the bank's code prints, when it is loaded and when it is asked, reaches nobody."""
    noisy = "print('loaded')\n" + TWICE.replace("    return", "    print(x)\n    return")
    assert Ask(tmp_path, noisy=noisy).of([asked(TWICE)]) == "noisy"
    assert capsys.readouterr() == ("", "")


def test_an_exercise_without_mistakes_has_no_diagnosis(tmp_path: Path) -> None:
    """A course need not have a bank."""
    assert Ask(tmp_path).of([asked(TWICE)]) is None
