"""``ullage token``: who may call, made and revoked in the database itself."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from adapters import tokens
from adapters.cli import show
from adapters.cli.ending import Stopped
from adapters.cli.region import database, dsn
from adapters.cli.words import Json
from adapters.tokens import Role, TokenRefused

_Name = Annotated[str, Parameter(help="As it stands in the history under who did it.")]


def create(
    name: _Name,
    /,
    *,
    role: Annotated[Role, Parameter(help="What it may do.")],
    project: Annotated[str | None, Parameter(help="For reader and member: the only one.")] = None,
    as_json: Json = False,
) -> None:
    """It is the only thing on stdout. It is not kept, only its hash is."""
    try:
        with database():
            token = tokens.create(dsn(), name=name, role=role, project=project)
    except TokenRefused as e:
        raise Stopped(str(e)) from e
    if as_json:
        show.document({"name": name, "role": role, "project": project, "token": token})
        return
    show.err().print("This token is not shown again:", style="dim")
    show.out().print(token, soft_wrap=True)


def listed(*, as_json: Json = False) -> None:
    with database():
        found = tokens.listed(dsn())
    names = ("name", "role", "project", "created", "revoked")
    if as_json:
        show.document([dict(zip(names, row, strict=True)) for row in found])
        return
    table = show.table("Name", "Role", "Project", "Made (UTC)", "Revoked (UTC)")
    for name, role, project, created, revoked in found:
        times = (show.moment(created), show.moment(revoked))
        table.add_row(*map(show.text, (name, role, project, *times)))
    show.out().print(table)


def revoke(name: _Name, /, *, as_json: Json = False) -> None:
    with database():
        was_there = tokens.revoke(dsn(), name)
    if not was_there:
        raise Stopped(f"There is no live token named {name}: see `ullage token list`.")
    if as_json:
        show.document({"name": name})
    else:
        show.out().print(f"{name} is no longer accepted, within two seconds.")
