"""One submission while it is graded: its cells, its worker, its time.

A worker that dies is replaced and the cells run again in the new one, without the cell that killed
it. An exercise may cost its submission two workers; what comes after that in the exercise is not
run, so that a loop in one exercise leaves the marks of the others untouched.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from numgrade.errors import (
    MalformedFrame,
    StudentError,
    StudentKilled,
    StudentTimedOut,
)
from numgrade.outputs import CellOutcome
from numgrade.protocol import (
    MAX_CELL_BYTES,
    Call,
    CellDone,
    Display,
    Evaluate,
    Read,
    Reply,
    Request,
    RunCell,
    Stream,
    Traceback,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numgrade.lookahead import Key, Shown
    from numgrade.repair import RunnableCell
    from numgrade.sandbox import Sandbox, Worker
    from numgrade.settings import LimitValues
    from numgrade.wire import Buffers

MAX_DEATHS = 2
"""Workers that one exercise may cost its submission."""

_HANG_UP_SECONDS = 0.2


class Submission:
    """Runs a notebook's cells in a worker and keeps one alive for the checks.

    Parameters
    ----------
    sandbox : Sandbox
        Where workers come from.
    cells : sequence of RunnableCell
        The cells to run, in order.
    limits : LimitValues
        Time and output limits.
    """

    def __init__(
        self, sandbox: Sandbox, cells: Sequence[RunnableCell], limits: LimitValues
    ) -> None:
        self._sandbox = sandbox
        self._cells = list(cells)
        self._draws = any(cell.draws for cell in cells)
        self._limits = limits
        self._end = time.monotonic() + limits.submission_seconds
        self._worker: Worker | None = None
        self._deaths: dict[str, int] = {}
        self._exercise = ""
        self._exercise_end = self._check_end = self._end
        self._requests = 0
        self._habits: dict[str, dict[Key, Shown]] = {}
        self.outcomes: dict[int, CellOutcome] = {}
        self.warnings: list[str] = []

    def run_cells(self) -> None:
        """Run every cell, in order; what a cell does to its worker costs that cell alone."""
        survivors: list[RunnableCell] = []
        for cell in self._cells:
            try:
                worker = self._worker or self._replay(survivors)
                self.outcomes[cell.cell_index] = self._run(worker, cell)
                survivors.append(cell)
            except StudentError as error:
                self.outcomes[cell.cell_index] = _obituary(error)
                self.warnings.append(f"Cell {cell.cell_index + 1}: {error}")
        self._cells = survivors

    def begin_check(self, exercise: str) -> None:
        """Start the clock of the next check.

        An exercise may spend half of the time that the submission has left: what is slow in one
        leaves time for the others.
        """
        now = time.monotonic()
        if exercise != self._exercise:
            self._exercise = exercise
            self._exercise_end = (now + self._end) / 2
        self._check_end = min(now + self._limits.check_seconds, self._exercise_end)

    def begin_afterwards(self, seconds: float) -> None:
        """Start the clock of what follows the checks: a worker that ends now is not replaced."""
        self._exercise = ""
        self._deaths[""] = MAX_DEATHS
        self._exercise_end = self._check_end = min(time.monotonic() + seconds, self._end)

    def converse(
        self,
        request: Call | Read,
        buffers: list[bytes],
        evaluate: Callable[[Evaluate, bytearray], tuple[Request, Buffers]],
    ) -> tuple[Reply, bytearray]:
        """Send a request to the worker, a new one if need be, and return its reply.

        Parameters
        ----------
        request : Call or Read
            What to send.
        buffers : list of bytes
            The bytes of its arrays.
        evaluate : callable
            Answers the evaluations of f that the worker asks for before it replies.

        Raises
        ------
        StudentError
            If no reply comes within the check's time, or a malformed one.
        InfrastructureError
            If no worker can be started.
        """
        if time.monotonic() >= self._exercise_end:
            raise StudentTimedOut(self._nothing_left())
        worker = self._worker or self._revive()
        channel = worker.channel
        with self._burying():
            channel.deadline = self._check_end
            channel.send(request, buffers)
            reply, buffer = channel.receive_reply()
            while type(reply) is Evaluate and reply.id == request.id:
                channel.send(*evaluate(reply, buffer))
                reply, buffer = channel.receive_reply()
            if reply.id != request.id:
                raise MalformedFrame("it answered another question")
        return reply, buffer

    def habits_of(self, name: str) -> dict[Key, Shown]:
        """Return what is known of how a function of the student evaluates what it is given."""
        return self._habits.setdefault(name, {})

    def break_off(self, why: str) -> StudentError:
        """End a worker that broke the protocol; return what to raise."""
        return self._bury(why)

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def _replay(self, cells: list[RunnableCell]) -> Worker:
        """Start a worker and bring it to where the one before it was."""
        if time.monotonic() >= self._end:
            raise StudentTimedOut(self._nothing_left())
        self._worker = self._sandbox.spawn(draws=self._draws)
        for cell in cells:
            self._run(self._worker, cell)
        return self._worker

    def _run(self, worker: Worker, cell: RunnableCell) -> CellOutcome:
        deadline = min(time.monotonic() + self._limits.cell_seconds, self._end)
        request = RunCell(
            self.next_id(), cell.source, cell.render_figures, self._limits.output_bytes
        )
        with self._burying():
            worker.channel.deadline = deadline
            worker.channel.send(request)
            reply, _ = worker.channel.receive_reply(MAX_CELL_BYTES)
            if not isinstance(reply, CellDone) or reply.id != request.id:
                raise MalformedFrame("it answered a cell with something else")
        outputs = [_nbformat(output) for output in reply.outputs]
        return CellOutcome(execution_count=reply.execution_count, outputs=outputs)

    def _revive(self) -> Worker:
        """Replace a worker that died in an earlier check, if its exercise may go on."""
        if self._deaths.get(self._exercise, 0) >= MAX_DEATHS:
            raise StudentTimedOut(
                f"Not run: {MAX_DEATHS} checks of this exercise ended without an answer before."
            )
        return self._replay(self._cells)

    @contextmanager
    def _burying(self) -> Iterator[None]:
        """Turn what goes wrong on the wire into the end of the worker, and say what it was."""
        try:
            yield
        except TimeoutError:
            raise self._bury("", timed_out=True) from None
        except MalformedFrame as error:
            raise self._bury(str(error)) from error
        except OSError:
            raise self._bury("") from None

    def _bury(self, broke: str, *, timed_out: bool = False) -> StudentError:
        """End the worker and return what happened to it as an error to raise.

        `broke` says how the worker broke the protocol, if it did.
        """
        worker, self._worker = self._worker, None
        self._deaths[self._exercise] = self._deaths.get(self._exercise, 0) + 1
        if worker is None:
            return StudentKilled("The student's process is gone.")
        if timed_out:
            worker.kill()
            if time.monotonic() >= self._exercise_end:
                return StudentTimedOut(self._nothing_left())
            return StudentTimedOut("Stopped: still running when its time was over.")
        ended = worker.wait(_HANG_UP_SECONDS)
        if broke:
            return StudentKilled(f"Stopped: {broke}.")
        return StudentKilled(f"The process {_cause(ended.status)} while this ran.")

    def _nothing_left(self) -> str:
        if time.monotonic() < self._end:
            return "Not run: this exercise took half of the time that the submission had left."
        return f"Not run: the submission's {self._limits.submission_seconds:g} s were spent."

    def next_id(self) -> int:
        """Return an id for a request; no two of a submission are alike."""
        self._requests += 1
        return self._requests


def _nbformat(output: Stream | Display | Traceback) -> dict[str, Any]:
    match output:
        case Stream():
            return {"output_type": "stream", "name": output.name, "text": output.text}
        case Display():
            kind = "execute_result" if output.result else "display_data"
            return {"output_type": kind, "data": output.data, "metadata": {}}
    return {
        "output_type": "error",
        "ename": output.ename,
        "evalue": output.evalue,
        "traceback": output.traceback,
    }


def _obituary(error: StudentError) -> CellOutcome:
    """Return the output of a cell that took its process with it."""
    text = f"numgrade: {error} The cell was left out; the others ran without it."
    output = Traceback(type(error).__name__, str(error), [text])
    return CellOutcome(execution_count=None, outputs=[_nbformat(output)])


def _cause(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"was killed ({signal.Signals(number).name})"
    return f"exited with status {os.waitstatus_to_exitcode(status)}"
