"""``ullage quota class``: the limits of every project that has none of its own."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.entries import IfMatchOption
from adapters.cli.kit.limits import Limit, LimitsArgument, given
from adapters.cli.kit.options import Json, ReasonOption
from adapters.cli.kit.times import AsOfOption

_PATH = "/v1/quota-classes/default"


def show(*, as_of: AsOfOption = None, as_json: Json = False) -> None:
    _print(connected().get(_PATH, {"as_of": as_of}), as_json=as_json)


def change(
    *limits: LimitsArgument,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """The limits hold from the next request on. Nothing that exists is touched."""
    body = {"limits": _numbers(limits), "reason": reason}
    _print(connected().put(_PATH, body, version=if_match), as_json=as_json)


def _numbers(limits: Sequence[Limit]) -> dict[str, int | None]:
    """Raises Stopped."""
    numbers = given(limits)
    if without := [name for name, most in numbers.items() if most is None]:
        raise Stopped(f"{', '.join(without)}: these are the defaults; say a number, or unlimited.")
    return numbers


def _print(quota: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(quota)
        return
    table = showing.table("Resource", "Limit", right=("Limit",))
    for name, limit in quota["limits"].items():
        table.add_row(name, showing.limit(limit))
    showing.out().print(table)
    showing.err().print(f"version {quota['version']}", style="dim")
