"""``ullage limits`` and ``ullage quota``: what a project may use, and what it does."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from cyclopts import Parameter
from rich.progress_bar import ProgressBar
from rich.table import Table

from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.entries import IfMatchOption
from adapters.cli.kit.limits import LimitsArgument, given
from adapters.cli.kit.options import Json, ProjectArgument, ReasonOption
from adapters.cli.kit.times import AsOfOption

_BAR = 10

User = Annotated[str | None, Parameter(help="A user in the project.")]
Shared = Annotated[bool, Parameter(help="The limits that the project shares with all below it.")]


def limits(
    project: ProjectArgument,
    /,
    *,
    user: User = None,
    as_of: AsOfOption = None,
    as_json: Json = False,
) -> None:
    """Reserved is what is held for open operations and not in use yet."""
    shown = connected().get(f"{_of(project, user)}/limits", {"as_of": as_of})
    if as_json:
        showing.document(shown)
    else:
        showing.out().print(_bars(shown["resources"]))


def show(
    project: ProjectArgument,
    /,
    *,
    user: User = None,
    shared: Shared = False,
    as_of: AsOfOption = None,
    as_json: Json = False,
) -> None:
    shown = connected().get(_path(project, user, shared=shared), {"as_of": as_of})
    if as_json:
        showing.document(shown)
        return
    _print(shown, project)
    showing.err().print(f"version {shown['version']}", style="dim")


def change(
    project: ProjectArgument,
    /,
    *limits: LimitsArgument,
    user: User = None,
    shared: Shared = False,
    force: Annotated[bool, Parameter(help="Also set limits below what is in use.")] = False,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    api = connected()
    path = _path(project, user, shared=shared)
    body = {"limits": given(limits), "force": force, "reason": reason}
    changed = api.put(path, body, version=if_match)
    if as_json:
        showing.document(changed)
    else:
        _print(api.get(path), project)


def reset(
    project: ProjectArgument,
    /,
    *,
    user: User = None,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """Resets a project together with all its users; the limits that it shares with projects
    below it stay."""
    api = connected()
    path = _path(project, user)
    done = api.delete(path, version=if_match, reason=reason)
    if as_json:
        showing.document(done)
    else:
        _print(api.get(path), project)


def _print(quota: Document, project: str) -> None:
    showing.out().print(_shared(quota) if "resources" in quota else _limits(quota, project))


def _limits(quota: Document, project: str) -> Table:
    whose = f"this user in {project}" if "user" in quota else "this project"
    table = showing.table("Resource", "Limit", "Set for", right=("Limit",))
    for name, limit in quota["limits"].items():
        own = whose if name in quota["own"] else "all projects"
        if "user" in quota and name not in quota["own"]:
            own = "all users of it"
        table.add_row(name, showing.limit(limit), showing.text(own))
    return table


def _shared(quota: Document) -> Table:
    numbers = ("Used by all", "Shared limit", "Left")
    table = showing.table("Resource", *numbers, right=numbers)
    for name, one in quota["resources"].items():
        left = showing.text(one["left"])
        table.add_row(name, str(one["used"]), showing.limit(one["limit"]), left)
    return table


def _bars(resources: Document) -> Table:
    numbers = ("Used", "Limit", "Left", "Reserved")
    table = showing.table("Resource", *numbers, "", right=numbers)
    for name, one in resources.items():
        limit, used = one["limit"], one["used"]
        bar = ProgressBar(total=max(limit, 1), completed=used, width=_BAR) if limit >= 0 else ""
        left, reserved = showing.text(one["left"]), str(one["reserved"])
        table.add_row(name, str(used), showing.limit(limit), left, reserved, bar)
    return table


def _path(project: str, user: str | None, *, shared: bool = False) -> str:
    """Raises Stopped."""
    if shared and user:
        raise Stopped("A project shares with those below it, not with its users.")
    return f"{_of(project, user)}/{'shared-quota' if shared else 'quota'}"


def _of(project: str, user: str | None) -> str:
    """Raises Stopped: a user of no name is nobody, and not the project."""
    if user == "":
        raise Stopped("Say which user: --user has no name.")
    whose = f"/users/{quote(user, safe='')}" if user else ""
    return f"/v1/projects/{quote(project, safe='')}{whose}"
