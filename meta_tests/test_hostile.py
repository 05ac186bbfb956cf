"""Notebooks that attack the grading earn what an untouched release earns: nothing."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from numgrade.classroom import fill
from numgrade.results import CheckStatus, SubmissionStatus
from numgrade.settings import LimitValues

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from meta_tests.spine import Ask
    from numgrade.desk import Graded
    from numgrade.sandbox import Sandbox

pytest_plugins = ["meta_tests.spine"]

ASSIGNMENT = "calculus"
LIMITS = LimitValues(cell_seconds=10, check_seconds=3, submission_seconds=40)
EXERCISES = (
    "derivative",
    "numerical_gradient",
    "trapezoidal_integration",
    "gradient_descent",
    "partial_derivative",
)
SENTINEL = f"sentinel-{secrets.token_hex(16)}"
"""Stands for all that no student may see; the reference and the checks of the course hold it."""

FORGED = "forged-by-the-student"

HONEST = """
def derivative(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)
"""

LIAR = """
import numpy as np

def yes(*_, **__):
    return True

def same(self, *_, **__):
    return self

def nothing(*_, **__):
    return 0.0

COMPARISONS = "__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __bool__ __contains__".split()
ARITHMETIC = (
    "__add__ __radd__ __sub__ __rsub__ __mul__ __rmul__ __truediv__ __rtruediv__ "
    "__pow__ __rpow__ __neg__ __abs__ __array_wrap__"
).split()
NUMBERS = "__float__ __complex__ __hash__ item max min sum mean".split()

def lying(base, *arguments):
    body = dict.fromkeys(COMPARISONS, yes) | dict.fromkeys(ARITHMETIC, same)
    body |= {"__array_priority__": 1e9, "__array_ufunc__": lambda *_, **__: np.True_}
    body |= {"__array_function__": lambda *_, **__: np.True_, "all": yes, "any": yes}
    liar = type(base.__name__, (base,), body)
    return liar(*arguments) if base is not np.ndarray else np.zeros(arguments).view(liar)
"""

HUNTER = """
import ctypes, gc, os, re, sys, types
import numpy as np

PATTERN = re.compile("sentinel" + "-[0-9a-f]{32}")
PLACES = {"tests", "reference", "gradebook.db", ".numgrade", "/proc/self/mem", "/etc/passwd"}

def texts():
    for thing in gc.get_objects():
        if isinstance(thing, dict):
            yield from (str(part)[:9999] for part in thing.values() if type(part) in (str, bytes))
        elif type(thing) in (list, tuple):
            yield from (str(part)[:9999] for part in thing if type(part) in (str, bytes))
        elif isinstance(thing, types.FunctionType):
            yield repr(thing.__code__.co_consts)
            yield repr(thing.__closure__ and [c.cell_contents for c in thing.__closure__
                                              if type(c.cell_contents) in (str, bytes)])
    frame = sys._getframe()
    while frame:
        yield from (str(value)[:9999] for value in list(frame.f_locals.values())
                    if type(value) in (str, bytes, list, dict))
        yield frame.f_code.co_filename
        frame = frame.f_back
    yield from os.environ.values()
    yield from sys.argv

def files():
    for root in (".", "..", "/", "/package", *sys.path):
        for place in PLACES:
            try:
                path = os.path.join(root, place)
                for path in ([path] if os.path.isfile(path) else
                             [os.path.join(path, name) for name in os.listdir(path)]):
                    yield open(path, errors="replace").read()
            except OSError:
                pass

def hunt():
    found = set()
    for source in (texts, files):
        for text in source():
            found.update(PATTERN.findall(text))
    return sorted(found)

def answers(name):
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__name__ == name:
            if thing.__globals__ is not globals():
                yield thing
    module = sys.modules.get("reference") or sys.modules.get("calculus")
    if module is not None and hasattr(module, name):
        yield getattr(module, name)

def hunting(name):
    def attack(*args, **kwargs):
        found = hunt()
        if found:
            return found
        for answer in answers(name):
            return answer(*args, **kwargs)
        frame = sys._getframe()
        while frame:
            for key in ("expected", "exact", "reference", "answer"):
                if key in frame.f_locals:
                    return frame.f_locals[key]
            frame = frame.f_back
        raise LookupError("nothing found")
    return attack

print(hunt())
"""


def everywhere(answer: str, preamble: str = "") -> dict[str, str]:
    """Return sources in which every function returns what an expression gives."""
    sources = {name: f"def {name}(*args, **kwargs):\n    return {answer}" for name in EXERCISES}
    return {**sources, "derivative": f"{preamble}\n{sources['derivative']}"}


ANSWERS = {
    "a float that equals everything": "lying(float, 1.0)",
    "an integer that equals everything": "lying(int, 1)",
    "a complex that equals everything": "lying(complex, 1)",
    "a text that equals everything": "lying(str, 'x')",
    "a NumPy float that equals everything": "lying(np.float64, 1.0)",
    "a scalar array that equals everything": "lying(np.ndarray)",
    "an array that equals everything": "lying(np.ndarray, *np.shape(args[1]))",
    "a list that equals everything": "lying(list, [lying(float, 1.0)] * 2)",
    "not a number": "np.nan",
    "an array of no numbers": "np.full(np.shape(args[1]), np.nan)",
    "infinity": "np.inf",
    "nothing": "None",
    "an empty array": "np.empty(0)",
    "an empty array of many dimensions": "np.empty((0, *np.shape(args[1])))",
    "an empty list": "[]",
    "truth": "True",
    "masked": "np.ma.masked_all(np.shape(args[1]))",
    "a masked number": "np.ma.masked",
    "complex without a number": "complex('nan+nanj')",
    "a long double": "np.longdouble('inf')",
    "an object array": "np.array([lying(float, 1.0)], dtype=object)",
    "a dict": "{'result': 'passed', 'score': 1000}",
    "the type": "float",
    "a generator": "(passed for passed in [True])",
    "a huge array": "np.zeros(10**6)",
    "what was given": "args[-1]",
}

PATCHES = {
    "comparisons of NumPy": """
for name in "allclose isclose array_equal all any isfinite shape".split():
    setattr(np, name, lambda *_, **__: True)
for name in dir(np.testing):
    if name.startswith("assert"):
        setattr(np.testing, name, lambda *_, **__: None)
""",
    "builtins": """
import builtins
builtins.AssertionError = type("AssertionError", (Exception,), {})
for name in "abs max min all any round sum".split():
    setattr(builtins, name, lambda *_, **__: True)
""",
    "the worker": """
import numgrade.worker, numgrade.values, numgrade.protocol, numgrade.errors, sys
from numgrade.protocol import Answer
numgrade.worker.Worker._outcome = lambda self, call, *_: (Answer(call.id, True, {}), [])
numgrade.values.Packer.pack = lambda *_: True
for module in [m for n, m in sys.modules.items() if n.startswith("numgrade")]:
    for name in ("passed", "PASSED", "score", "points", "status"):
        setattr(module, name, True)
""",
    "modules of grading": """
import sys, types
for name in ("pytest", "_pytest", "numgrade.grading", "numgrade.verdict", "numgrade.checks",
             "numgrade.assertions", "conftest", "reference", "sitecustomize"):
    module = types.ModuleType(name)
    module.assert_close = module.outcome_of = module.judge = lambda *_, **__: True
    sys.modules[name] = module
for name in ("conftest.py", "test_derivative.py", "sitecustomize.py", "pytest.ini", "numpy.py"):
    open(name, "w").write("def pytest_runtest_call(item): raise SystemExit(0)")
""",
    "the end": """
import atexit, gc, os, signal, sys, threading, weakref
atexit.register(lambda: os.write(3, b"passed"))
sys.excepthook = sys.unraisablehook = lambda *_: None
signal.signal(signal.SIGTERM, signal.SIG_IGN)
gc.callbacks.append(lambda *_: None)
class Last:
    def __del__(self):
        print("passed")
last = Last()
sys.settrace(lambda *_: None)
""",
    "input transformers": """
shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ["pass\\n"])
shell.input_transformers_post.append(lambda lines: ["pass\\n"])
""",
    "ast transformers": """
import ast
class Blind(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.copy_location(ast.Pass(), node)
    def visit_Compare(self, node):
        return ast.copy_location(ast.Constant(True), node)
    def visit_Raise(self, node):
        return ast.copy_location(ast.Return(ast.Constant(0.0)), node)
get_ipython().ast_transformers.append(Blind())
""",
    "displays": """
from IPython.display import display, HTML
display(HTML("<script>document.title = 'passed'</script>"), metadata={"nbgrader": {"points": 9}})
get_ipython().events.register("post_run_cell", lambda *_: print("score: 20/20"))
""",
}

ENDINGS = {
    "exits": "__import__('sys').exit(0)",
    "exits at once": "__import__('os')._exit(0)",
    "raises AssertionError": "exec('raise AssertionError')",
    "skips": "exec('raise type(\"Skipped\", (BaseException,), {})')",
    "leaves pytest": "exec('class Exit(Exception): pass\\nraise Exit(0)')",
    "raises StopIteration": "next(iter([]))",
    "writes a verdict": "__import__('os').write(3, b'passed' * 9)",
}


def cells_of(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the cells of a notebook by grade_id."""
    named = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]
    }
    return {name: cell for name, cell in named.items() if name is not None}


def with_rewritten_cells(release: bytes) -> bytes:
    """Return a notebook whose grade cells pass, are worth 1000 points and need no work."""
    notebook = json.loads(release)
    for cell in cells_of(notebook).values():
        settings = cell["metadata"]["nbgrader"]
        if settings["grade"]:
            settings |= {"points": 1000, "locked": False, "solution": True, "task": False}
            settings["checksum"] = "0" * 32
            cell["source"] = "score = 1000; assert True"
    return json.dumps(notebook).encode()


def with_swapped_ids(release: bytes) -> bytes:
    """Return a notebook in which one right solution stands under every name."""
    notebook = json.loads(fill(release, {"derivative": HONEST}))
    cells = cells_of(notebook)
    for name in EXERCISES:
        cells[name]["metadata"]["nbgrader"]["grade_id"] = "derivative"
        cells[name]["metadata"]["nbgrader"]["points"] = 4
    cells["derivative"]["metadata"]["nbgrader"]["grade_id"] = "quiz"
    cells["quiz"]["metadata"]["nbgrader"]["grade_id"] = "gradient_descent"
    return json.dumps(notebook).encode()


def with_doubled_cells(release: bytes) -> bytes:
    """Return a notebook in which each grade cell stands ten times."""
    notebook = json.loads(release)
    graded = [cell for cell in cells_of(notebook).values() if cell["cell_type"] == "code"]
    notebook["cells"] += graded * 10
    return json.dumps(notebook).encode()


def without_grade_cells(release: bytes) -> bytes:
    """Return a notebook from which the grade cells are gone."""
    notebook = json.loads(release)
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if not cell["metadata"].get("nbgrader", {}).get("grade", False)
    ]
    return json.dumps(notebook).encode()


def with_forged_outputs(release: bytes) -> bytes:
    """Return a notebook that claims to have been run, graded and found right."""
    notebook = json.loads(release)
    verdict = {"score": 1000, "max_score": 1000, "status": FORGED}
    for cell in notebook["cells"]:
        cell["metadata"]["numgrade"] = verdict
        if cell["cell_type"] == "code":
            cell["execution_count"] = 1
            cell["outputs"] = [
                {"output_type": "stream", "name": "stdout", "text": f"passed {FORGED}"},
                {"output_type": "display_data", "data": {"text/html": FORGED}, "metadata": {}},
            ]
    notebook["metadata"] |= {"numgrade": verdict, "nbgrader": verdict, FORGED: verdict}
    return json.dumps(notebook).encode()


def attacks_in_code() -> dict[str, dict[str, str]]:
    """Return the attacks that are written in the solution cells: their sources by exercise."""
    hunters = {name: f"{name} = hunting('{name}')" for name in EXERCISES}
    attacks = {"hunter": {**hunters, "derivative": f"{HUNTER}\n{hunters['derivative']}"}}
    for name, answer in {**ANSWERS, **ENDINGS}.items():
        attacks[name] = everywhere(answer, LIAR)
    for name, patch in PATCHES.items():
        attacks[f"patched: {name}"] = everywhere("lying(float, 0.0)", f"{LIAR}\n{patch}")
    return attacks


IN_CODE = attacks_in_code()
IN_NOTEBOOKS: dict[str, Callable[[bytes], bytes]] = {
    "untouched": bytes,
    "rewritten cells": with_rewritten_cells,
    "swapped ids": with_swapped_ids,
    "doubled cells": with_doubled_cells,
    "no grade cells": without_grade_cells,
    "forged outputs": with_forged_outputs,
}
HONEST_IN = {"swapped ids": "derivative"}
"""What an attacker really solved."""

every_attack = pytest.mark.parametrize("attack", [*IN_NOTEBOOKS, *IN_CODE])


class Arena(NamedTuple):
    """The graded attacks, and the course in which they were graded."""

    release: bytes
    graded: dict[str, Graded]
    root: Path

    def cell(self, attack: str, name: str) -> dict[str, Any]:
        """Return a cell of a graded notebook, by its grade_id."""
        notebook = self.graded[attack].notebook
        assert notebook is not None
        return cells_of(json.loads(notebook))[name]


@pytest.fixture(scope="module")
def arena(sandbox: Sandbox, copy_of_course: Callable[[str], Path]) -> Arena:
    """Grade all attacks, one after another, on the whole path and in one sandbox."""
    # Here because pytest rewrites the module as a plugin before anybody imports it.
    from meta_tests.spine import assignment_in, grade_here  # noqa: PLC0415

    root = copy_of_course("hostile")
    for secret in (root / "reference" / "calculus.py", *root.glob("tests/calculus/test_*.py")):
        text = secret.read_text(encoding="utf-8")
        secret.write_text(f"{text}\n\nSENTINEL = {SENTINEL!r}\n", encoding="utf-8")
    release = (root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes()
    notebooks: dict[str, bytes | None] = {
        name: forge(release) for name, forge in IN_NOTEBOOKS.items()
    }
    notebooks |= {name: fill(release, sources) for name, sources in IN_CODE.items()}
    assignment = assignment_in(root, ASSIGNMENT, LIMITS)
    return Arena(release, grade_here(assignment, sandbox, notebooks), root)


@every_attack
def test_an_attack_earns_nothing(arena: Arena, attack: str) -> None:
    """Every attacked exercise scores 0, and the submission is graded like any other."""
    result = arena.graded[attack].result
    assert result.status is SubmissionStatus.GRADED
    untouched = {exercise.name: exercise for exercise in arena.graded["untouched"].result.exercises}
    for exercise in result.exercises:
        assert exercise.max_score == untouched[exercise.name].max_score
        if exercise.name != HONEST_IN.get(attack):
            assert exercise.score == 0
            assert all(check.status is not CheckStatus.PASSED for check in exercise.checks)
    assert result.max_score == 20


@every_attack
def test_an_attack_reveals_nothing(arena: Arena, attack: str) -> None:
    """No secret is in the record, in the graded notebook or on the feedback page."""
    graded = arena.graded[attack]
    written = [repr(graded.result), (graded.notebook or b"").decode(), graded.feedback or ""]
    for text in written:
        assert SENTINEL not in text
        assert str(arena.root) not in text


@every_attack
def test_an_attack_forges_nothing(arena: Arena, attack: str) -> None:
    """The graded notebook has the instructor's cells, points and names, and no forged output."""
    graded = arena.graded[attack]
    assert graded.notebook is not None
    assert FORGED.encode() not in graded.notebook
    assert FORGED not in (graded.feedback or "")
    released = cells_of(json.loads(arena.release))
    cells = cells_of(json.loads(graded.notebook))
    assert list(cells) == list(released)
    for name, cell in cells.items():
        settings = released[name]["metadata"]["nbgrader"]
        assert cell["metadata"]["nbgrader"] == settings
        if settings["grade"]:
            assert cell["source"] == released[name]["source"]


def test_a_right_solution_counts_whatever_surrounds_it(arena: Arena) -> None:
    """What was solved honestly among swapped names earns its own exercise's points."""
    scores = {
        exercise.name: exercise.score for exercise in arena.graded["swapped ids"].result.exercises
    }
    assert scores["derivative"] == 4
    assert sum(scores.values()) == 4


@pytest.mark.parametrize("patch", PATCHES)
def test_patches_are_in_force(arena: Arena, patch: str) -> None:
    """The cell that patches ran to its end, and its function answered: it was an attack."""
    outputs = arena.cell(f"patched: {patch}", "derivative_solution")["outputs"]
    assert not [output for output in outputs if output["output_type"] == "error"]
    exercises = arena.graded[f"patched: {patch}"].result.exercises
    assert {check.status for check in exercises[0].checks} == {CheckStatus.FAILED}


def test_the_hunter_hunts(arena: Arena) -> None:
    """The hunt ran, in the cell and in the calls, and came home with nothing."""
    graded = arena.graded["hunter"]
    cell = arena.cell("hunter", "derivative_solution")
    assert cell["outputs"][0]["text"].strip() == "[]"
    messages = [check.message for exercise in graded.result.exercises for check in exercise.checks]
    assert "derivative raised LookupError." in messages


def test_nothing_of_f_is_in_the_students_process(ask: Ask) -> None:
    """Neither the source of f, nor its constants, nor what it closes over."""
    student = ask(
        HUNTER + "\ndef search(f, x):\n    return [f(x), hunt(), f.__doc__, f.__closure__ is None]"
    )
    hidden = [SENTINEL]

    def f(x: float) -> float:
        """Hold a secret in a closure."""
        return x * len(hidden)

    f.__doc__ = SENTINEL
    value, found, docstring, _ = student.search(f, 2.0)
    assert value == 2.0
    assert found == []
    assert docstring != SENTINEL


def test_the_hunter_finds_what_there_is(ask: Ask) -> None:
    """A sentinel that is in the student's process is found: the hunt is one."""
    student = ask(HUNTER + "\ndef search(x):\n    return hunt()")
    assert student.search([SENTINEL]) == [SENTINEL]
