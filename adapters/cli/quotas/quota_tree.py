"""``ullage quota tree|move|changes``: projects below projects, and who changed which limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote

from cyclopts import Parameter
from rich.text import Text

from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.entries import IfMatchOption
from adapters.cli.kit.options import (
    Every,
    Json,
    LimitOption,
    ProjectArgument,
    ProjectOption,
    ReasonOption,
)
from adapters.cli.kit.times import AsOfOption, SinceOption, UntilOption, utc
from domain.quota.quota_class import DEFAULT
from domain.shared.resources import COUNTED

_Top = Annotated[str | None, Parameter(help="Only this project and those below it.")]


def tree(top: _Top = None, /, *, as_of: AsOfOption = None, as_json: Json = False) -> None:
    path = f"/v1/projects/{quote(top, safe='')}/quota-tree" if top else "/v1/quota-tree"
    page = connected().page(path, limit=0, every=True, as_of=as_of)
    if as_json:
        showing.document(page)
        return
    numbers = ("Used", "Limit", "Used below", "Shared")
    table = showing.table("Project", "Resource", *numbers, right=numbers)
    for depth, node in _in_order(page["items"]):
        name = showing.text("  " * depth + node["project"])
        for resource in _shown(node):
            table.add_row(name, resource, *_numbers(node, resource))
            name = Text()  # once is enough
    showing.rows(table, "projects")


def move(
    project: ProjectArgument,
    /,
    *,
    below: Annotated[str | None, Parameter(help="The new parent project.")] = None,
    top: Annotated[bool, Parameter(help="Put it at the top, below no project.")] = False,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """Everything that it and the projects below it use comes with it."""
    if top == bool(below):
        raise Stopped("Say where to: --below PROJECT, or --top.")
    path = f"/v1/projects/{quote(project, safe='')}/parent"
    moved = connected().put(path, {"parent": below, "reason": reason}, version=if_match)
    if as_json:
        showing.document(moved)
    else:
        where = f"below {below}" if below else "below none"
        showing.out().print(showing.text(f"{project} stands {where}."))


def changes(
    *,
    project: ProjectOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: LimitOption = 20,
    every: Every = False,
    as_json: Json = False,
) -> None:
    """The latest first."""
    asked = {"project": project, "since": utc(since), "until": utc(until)}
    page = connected().page("/v1/quota-changes", limit=limit, every=every, **asked)
    if as_json:
        showing.document(page)
        return
    table = showing.table("#", "When (UTC)", "By", "What", right=("#",))
    for one in page["items"]:
        when = showing.moment(one["at"])
        table.add_row(str(one["position"]), when, showing.text(one["by"]), _what(one))
    showing.rows(table, "quota changes")
    showing.more(page)


def _in_order(nodes: list[Document]) -> Iterator[tuple[int, Document]]:
    """Each below its parent, with how deep it stands; who sees no parent stands on top."""
    known = {node["project"] for node in nodes}
    below: dict[str | None, list[Document]] = {}
    for node in nodes:
        below.setdefault(node["parent"] if node["parent"] in known else None, []).append(node)
    waiting = [(0, node) for node in reversed(below.get(None, []))]
    while waiting:
        depth, node = waiting.pop()
        yield depth, node
        waiting += [(depth + 1, one) for one in reversed(below.get(node["project"], []))]


def _shown(node: Document) -> list[str]:
    """Resources of which there is anything to say; at least one, so that the project is shown."""
    limited = node["limits"].keys() | node["shared"].keys()
    used = {name for part in ("used", "used_below") for name, most in node[part].items() if most}
    return [name for name in COUNTED if name in limited | used] or [COUNTED[0]]


def _numbers(node: Document, resource: str) -> tuple[str | Text, ...]:
    own, shared = node["limits"].get(resource), node["shared"].get(resource)
    return (
        str(node["used"].get(resource, 0)),
        showing.text(None if own is None else showing.limit(own)),
        str(node["used_below"].get(resource, 0)),
        showing.text(None if shared is None else showing.limit(shared)),
    )


def _what(change: Document) -> Text:
    """Whose, and beneath it what was changed and why."""
    said = Text.assemble(showing.text(_whose(change)), style="bold")
    for name in (change["project"], change["user"]):
        if name:
            said.append_text(showing.text(f" {name}"))
    if moved := change["parent"]:
        said.append_text(showing.text(f"\n{_word(moved['before'])} → {_word(moved['after'])}"))
    for name, one in change["limits"].items():
        said.append(f"\n{name} {_limit(one['before'])} → {_limit(one['after'])}")
    if change["why"]:
        said.append("\n").append_text(showing.text(change["why"]))
    return said


def _whose(change: Document) -> str:
    if (of := change["quota_class"]) not in {None, DEFAULT}:
        return f"quota class {of}, which no project is in"
    return _WHOSE[change["scope"]]


_WHOSE = {
    "class": "all projects",
    "project": "project",
    "user": "user in",
    "shared": "shared below",
    "parent": "parent of",
}


def _word(project: str | None) -> str:
    return project or "none"


def _limit(limit: int | None) -> str:
    return "none" if limit is None else showing.limit(limit)
