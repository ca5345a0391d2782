"""``ullage region policy``: what the operators of the region allow."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from adapters.cli.kit import entries
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.entries import IfMatchOption
from adapters.cli.kit.options import Json, ReasonOption
from domain.catalogue.region_policy import StoppedServers

_PATH = "/v1/region/policy"


def show(*, as_json: Json = False) -> None:
    _print(connected().get(_PATH), as_json=as_json)


def change(
    *,
    scaling: Annotated[
        bool | None, Parameter(negative="--no-scaling", help="Whether servers may be scaled.")
    ] = None,
    stopped_servers: Annotated[
        StoppedServers | None,
        Parameter(help="When vCPUs and memory of stopped servers count against the quota."),
    ] = None,
    scale_retries: Annotated[
        int | None, Parameter(help="How many other hosts to try when the first has no room.")
    ] = None,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """What is not given stays."""
    body = entries.given(
        scaling=scaling,
        stopped_servers=stopped_servers,
        scale_retries=scale_retries,
        reason=reason,
    )
    _print(connected().put(_PATH, body, version=if_match), as_json=as_json)


def _print(policy: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(policy)
        return
    rows = {
        "Scaling": "allowed" if policy["scaling"] else "not allowed",
        "Stopped servers": f"count {policy['stopped_servers']}",
        "Retries": policy["scale_retries"],
        "Version": policy["version"],
    }
    showing.out().print(showing.facts(rows))
