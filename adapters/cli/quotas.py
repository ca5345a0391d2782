"""``ullage limits`` and ``ullage quota``: what a project may use, and what it does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, NamedTuple
from urllib.parse import quote

from cyclopts import Parameter, Token
from rich.progress_bar import ProgressBar
from rich.table import Table

from adapters.cli import show as showing
from adapters.cli.client import Document, connected
from adapters.cli.ending import Stopped
from adapters.cli.words import Json, Project, Reason
from domain.resources import RESOURCES, UNLIMITED

_WORDS = {"default": None, "unlimited": UNLIMITED}


class Limit(NamedTuple):
    """``most`` -1 is unlimited; None: as the region's defaults say."""

    resource: str
    most: int | None


def _limit(_: object, tokens: Sequence[Token]) -> Limit:
    return _parsed(tokens[0].value)


def _parsed(written: str) -> Limit:
    """Raises ValueError."""
    resource, _, most = written.partition("=")
    try:
        return Limit(resource, _WORDS[most] if most in _WORDS else int(most))
    except ValueError as e:
        known = ", ".join(RESOURCES)
        raise ValueError(
            f"{written!r} is no limit: write cores=20, cores=unlimited or cores=default "
            f"(there are {known})."
        ) from e


_Limits = Annotated[
    Limit,
    Parameter(
        converter=_limit,
        n_tokens=1,
        accepts_keys=False,
        help=f"As in cores=20, cores=unlimited, cores=default; also: {', '.join(RESOURCES)}.",
    ),
]


def limits(project: Project, /, *, as_json: Json = False) -> None:
    shown = connected().get(f"/v1/projects/{_path(project)}/limits")
    if as_json:
        showing.document(shown)
    else:
        showing.out().print(_bars(shown["resources"]))


def show(project: Project, /, *, as_json: Json = False) -> None:
    shown = connected().get(f"/v1/projects/{_path(project)}/quota")
    if as_json:
        showing.document(shown)
        return
    _print(shown)
    showing.err().print(f"version {shown['version']}", style="dim")


def change(
    project: Project,
    /,
    *limits: _Limits,
    force: Annotated[bool, Parameter(help="Also below what is in use.")] = False,
    if_match: Annotated[int | None, Parameter(help="Only if this is its version still.")] = None,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    if not limits:
        raise Stopped(f"Say which limits, as in cores=20; there are {', '.join(RESOURCES)}.")
    api = connected()
    path = f"/v1/projects/{_path(project)}/quota"
    body = {"limits": dict(limits), "force": force, "reason": reason}
    changed = api.put(path, body, version=if_match)
    if as_json:
        showing.document(changed)
    else:
        _print(api.get(path))


def _print(quota: Document) -> None:
    table = showing.table("Resource", "Limit", "Set for", right=("Limit",))
    for name, limit in quota["limits"].items():
        own = "this project" if name in quota["own"] else "all projects"
        table.add_row(name, showing.limit(limit), own)
    showing.out().print(table)


def _bars(resources: Document) -> Table:
    table = showing.table("Resource", "Used", "Limit", "Left", "", right=("Used", "Limit", "Left"))
    for name, one in resources.items():
        limit, used = one["limit"], one["used"]
        bar = ProgressBar(total=max(limit, 1), completed=used, width=24) if limit >= 0 else ""
        table.add_row(name, str(used), showing.limit(limit), showing.text(one["left"]), bar)
    return table


def _path(project: str) -> str:
    return quote(project, safe="")
