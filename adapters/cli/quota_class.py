"""``ullage quota class``: the limits of every project that has none of its own."""

from __future__ import annotations

from adapters.cli import show as showing
from adapters.cli.client import Document, connected
from adapters.cli.limits import Limits, given
from adapters.cli.quotas import IfMatch
from adapters.cli.times import AsOf
from adapters.cli.words import Json, Reason

_PATH = "/v1/quota-classes/default"


def show(*, as_of: AsOf = None, as_json: Json = False) -> None:
    _print(connected().get(_PATH, {"as_of": as_of}), as_json=as_json)


def change(
    *limits: Limits, if_match: IfMatch = None, reason: Reason = "", as_json: Json = False
) -> None:
    """They hold from the next request on, and touch nothing that exists."""
    body = {"limits": given(limits), "reason": reason}
    _print(connected().put(_PATH, body, version=if_match), as_json=as_json)


def _print(quota: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(quota)
        return
    table = showing.table("Resource", "Limit", right=("Limit",))
    for name, limit in quota["limits"].items():
        table.add_row(name, showing.limit(limit))
    showing.out().print(table)
    showing.err().print(f"version {quota['version']}", style="dim")
