"""``ullage audit verify``: the record, and everything that is said to follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter, Token
from rich.table import Table

from adapters.audit import Report, audit
from adapters.cli.kit import show
from adapters.cli.kit.ending import DONE, REFUSED
from adapters.cli.kit.options import Json
from adapters.cli.kit.region import database, dsn
from adapters.eventlog.noted import NotedHead


def _noted(_: object, tokens: Sequence[Token]) -> NotedHead:
    """Raises ValueError."""
    return NotedHead.read(tokens[0].value)


_Expect = Annotated[
    NotedHead | None,
    Parameter(
        converter=_noted,
        n_tokens=1,
        accepts_keys=False,
        metavar="POSITION:HASH",
        help="An end of the log that was noted outside: fail if the log has it no more.",
    ),
]


def verify(*, expect: _Expect = None, as_json: Json = False) -> int:
    """Reads the whole log as of one moment; writes nothing, and holds nobody up."""
    with database():
        report = audit(dsn(), expect)
    if as_json:
        show.document(report)
    else:
        _print(report)
    return DONE if report.sound else REFUSED


def _print(report: Report) -> None:
    console = show.out()
    console.print(show.facts(_facts(report)))
    if report.differences:
        console.print()
        console.print(_differences(report))
    console.print()
    if report.sound:
        console.print("The record is as it was written, and usage follows from it.", style="green")
    elif report.broken:
        console.print("The record was changed. Usage was not recomputed from it.", style="bold red")
    else:
        console.print("The record is as it was written; usage does not follow.", style="bold red")


def _facts(report: Report) -> dict[str, object]:
    rows: dict[str, object] = {
        "Facts": f"{report.position} hold, each chained to the one before",
        "Last hash": report.last_hash,
    }
    if report.broken:
        rows["Broken"] = f"at position {report.broken.position}: {report.broken.why}"
    else:
        projects = show.many(report.projects, "project")
        rows["Recomputed"] = f"{projects}, {show.many(report.servers, 'server')}, from nothing"
    return rows


def _differences(report: Report) -> Table:
    table = show.table("Project or host", "What", "Log says", "Found")
    for one in report.differences:
        table.add_row(*map(show.text, (one.name, one.what, _said(one.log), _said(one.found))))
    return table


def _said(amounts: dict[str, int] | None) -> str:
    if amounts is None:
        return "nothing"
    return ", ".join(f"{name} {amount}" for name, amount in amounts.items()) or "nothing"
