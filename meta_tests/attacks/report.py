"""What a run of the corpus came to: breaches, counted by family, as a table and as JSON."""

from __future__ import annotations

import msgspec
from rich.console import Console
from rich.table import Table

POINTS, SECRETS, NEIGHBOURS, THROUGH = KINDS = (
    "points gained",
    "secrets read",
    "neighbours harmed",
    "let through",
)
"""What attackers can achieve. "Let through" is what no other column counts: a connection, a file or
a process left behind, a system call that worked, a page with a script, a submission unscored."""

UNKNOWN = "-"
"""The attack of a breach of which nobody knows whose it was."""


class Breach(msgspec.Struct, frozen=True):
    """Something that an attack, `<family>/<name>`, achieved; the amount of points is in points."""

    attack: str
    kind: str
    text: str
    amount: float = 1.0

    @property
    def family(self) -> str:
        """The family of the attack."""
        return self.attack.partition("/")[0]


class Report(msgspec.Struct, frozen=True):
    """What a run came to.

    Attributes
    ----------
    tried : dict of str to int
        Number of attacks by family.
    broken : list of str
        Attacks that fell over their own feet: they prove nothing.
    grader_mb : float
        Memory of the largest grader.
    """

    level: str
    user: int
    tried: dict[str, int]
    breaches: list[Breach]
    broken: list[str]
    seconds: float
    grader_mb: float

    @property
    def total(self) -> int:
        """Number of attacks."""
        return sum(self.tried.values())

    @property
    def holds(self) -> bool:
        """Whether nobody achieved anything."""
        return not self.breaches and not self.broken

    def count(self, kind: str, family: str | None = None) -> float:
        """Return how much of a kind a family, or everybody, achieved."""
        return sum(
            breach.amount
            for breach in self.breaches
            if breach.kind == kind and family in (None, breach.family)
        )

    def print(self) -> None:
        """Print the table, and below it every breach."""
        console = Console()
        console.print(self._table())
        lines = [f"{breach.attack}: {breach.kind}: {breach.text}" for breach in self.breaches]
        lines += [f"this attack is itself broken: {line}" for line in self.broken]
        for line in lines:
            console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _table(self) -> Table:
        who = "root" if self.user == 0 else f"user {self.user}"
        title = f"{self.total} attacks at level {self.level}, as {who}, in {self.seconds:.0f} s"
        table = Table(title=title, title_justify="left")
        for column in ("family", "tried", *KINDS):
            table.add_column(column, justify="left" if column == "family" else "right")
        unknown = [UNKNOWN] if any(breach.attack == UNKNOWN for breach in self.breaches) else []
        for family in [*self.tried, *unknown]:
            amounts = [f"{self.count(kind, family):g}" for kind in KINDS]
            table.add_row(family, str(self.tried.get(family, "")), *amounts)
        table.add_section()
        table.add_row("all", str(self.total), *(f"{self.count(kind):g}" for kind in KINDS))
        return table
