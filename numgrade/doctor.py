"""`numgrade doctor`: which protection holds on this machine, and what to install."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from numgrade.protection import ATTEMPTS, survey
from numgrade.settings import LimitValues

_MEANING = {
    "A": "a file system of its own, namespaces, Landlock, seccomp, limits",
    "B": "Landlock, seccomp, limits; where user namespaces are not allowed",
    "C": "limits only; refused unless --allow-weak-sandbox is given",
}


def examine_machine() -> bool:
    """Try every level, print what a canary could do, and tell whether one fit to grade holds."""
    console = Console()
    findings = survey(LimitValues())
    table = Table(title="Protection levels on this machine", title_justify="left")
    for column in ("level", "holds", "what it is", "layers", "a canary could"):
        table.add_column(column)
    for finding in findings:
        table.add_row(
            finding.level,
            "[green]yes[/]" if finding.holds else "[red]no[/]",
            _MEANING[finding.level],
            ", ".join(finding.layers) or "-",
            escape(finding.problem or "") or ", ".join(finding.succeeded) or "nothing",
        )
    console.print(table)
    console.print(f"The canary tries to: {', '.join(ATTEMPTS)}.")
    best = next((finding.level for finding in findings if finding.holds), None)
    for line in _advice(best, {finding.level: finding.problem for finding in findings}):
        console.print(line, markup=False)
    return best in ("A", "B")


def _advice(best: str | None, problems: dict[str, str]) -> list[str]:
    if best == "A":
        return ["Level A holds: grade with confidence."]
    advice = [f"Level A does not hold: {problems['A'] or 'the canary got through'}"]
    advice.append(
        "To get level A: install bubblewrap (`apt-get install bubblewrap`), use Linux 5.13 or "
        "newer, and allow user namespaces (in a container, ask whoever runs it)."
    )
    if best == "B":
        advice.append("Level B holds and is fit for grading; results say so.")
    else:
        advice.append(
            "Nothing that protects holds here: grading is refused unless --allow-weak-sandbox."
        )
    return advice
