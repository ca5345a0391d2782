"""``ullage token``: who may call, made and revoked in the database itself."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from adapters import tokens
from adapters.cli.kit import show
from adapters.cli.kit.ending import Stopped
from adapters.cli.kit.options import Json
from adapters.cli.kit.region import database, dsn
from adapters.tokens import CONSENTS, Role, TokenRefused

_Consents = Annotated[
    list[Literal["live", "migrate", "restart"]] | None,
    Parameter(
        name="--consent",
        help="What it may consent to; everything if not given; may be repeated.",
    ),
]
_Project = Annotated[
    str | None,
    Parameter(
        help="Project. A reader or member sees no other; an admin or auditor acts in it where no "
        "other is named."
    ),
]
_Name = Annotated[str, Parameter(help="Name, as the history shows who did what.")]


def create(
    name: _Name,
    /,
    *,
    role: Annotated[Role, Parameter(help="Role.")],
    project: _Project = None,
    consents: _Consents = None,
    as_json: Json = False,
) -> None:
    """Prints the token alone on stdout. Only its hash is kept."""
    may = CONSENTS if consents is None else CONSENTS.intersection(consents)
    try:
        with database():
            token = tokens.create(dsn(), name=name, role=role, project=project, consents=may)
    except TokenRefused as e:
        raise Stopped(str(e)) from e
    if as_json:
        made = {"name": name, "role": role, "project": project, "consents": sorted(may)}
        show.document(made | {"token": token})
        return
    show.err().print("This token is not shown again:", style="dim")
    show.out().print(token, soft_wrap=True)


def listed(*, as_json: Json = False) -> None:
    with database():
        found = tokens.listed(dsn())
    names = ("name", "role", "project", "consents", "created", "revoked")
    if as_json:
        show.document([dict(zip(names, row, strict=True)) for row in found])
        return
    columns = ("Name", "Role", "Project", "Consents", "Made (UTC)", "Revoked (UTC)")
    table = show.table(*columns)
    for name, role, project, consents, created, revoked in found:
        times = (show.moment(created), show.moment(revoked))
        table.add_row(*map(show.text, (name, role, project, ", ".join(consents), *times)))
    show.rows(table, "tokens")


def revoke(name: _Name, /, *, as_json: Json = False) -> None:
    with database():
        was_there = tokens.revoke(dsn(), name)
    if not was_there:
        raise Stopped(f"There is no live token named {name}: see `ullage token list`.")
    if as_json:
        show.document({"name": name})
    else:
        show.out().print(f"{name} is no longer accepted, within two seconds.")
