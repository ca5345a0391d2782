"""What the commands of flavors, images and windows share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import quote

from cyclopts import Parameter

from adapters.cli.kit import finding
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Api, Document, connected
from adapters.cli.kit.ending import Stopped

Named = Annotated[str, Parameter(help="Name, id, or the first 4 or more digits of the id.")]
IdOption = Annotated[str | None, Parameter(name="--id", help="Id; generated if not given.")]
Properties = Annotated[
    list[str] | None,
    Parameter(name="--property", help="Property, as hw:max_vcpus=8; may be repeated."),
]
Unset = Annotated[
    list[str] | None, Parameter(name="--unset", help="Property to remove; may be repeated.")
]
Scalable = Annotated[
    bool | None,
    Parameter(negative="--not-scalable", help="Whether its servers may be scaled."),
]
IfMatchOption = Annotated[int | None, Parameter(help="Only if this is still its version.")]


def entries(written: Iterable[str] | None) -> dict[str, str]:
    """``key=value`` as it is typed. Raises Stopped."""
    parted = [one.partition("=") for one in written or ()]
    for key, sign, _ in parted:
        if not (key and sign):
            raise Stopped(f"{key!r} is no property: write hw:max_vcpus=8.")
    return {key: value for key, _, value in parted}


def changes(written: Iterable[str] | None, unset: Iterable[str] | None) -> dict[str, str | None]:
    """The same, and what is to be taken away. Raises Stopped."""
    return {**dict.fromkeys(unset or ()), **entries(written)}


def given(**fields: Any) -> Document:
    """Those that were given."""
    return {name: value for name, value in fields.items() if value is not None}


def found(api: Api, path: str, asked: str, **query: object) -> str:
    """The id of one of a list, by its name, its id, or how its id begins. Raises Stopped."""
    all_ = api.page(path, limit=0, every=True, **query)["items"]
    if any(one["id"] == asked for one in all_):
        return asked
    called = [one for one in all_ if one["name"] == asked]
    called = called or [one for one in all_ if finding.begins(str(one["id"]), asked)]
    return str(finding.only(called, _what(path), asked)["id"])


def listing(properties: Mapping[str, str]) -> str:
    """One a line."""
    return "\n".join(f"{key}={value}" for key, value in sorted(properties.items()))


def yes_no(value: bool) -> str:
    return "yes" if value else "no"


def delete(path: str, asked: str, version: int | None, reason: str, *, as_json: bool) -> None:
    """One of the list at ``path``, by its id, or by a name that only it has. Raises Stopped."""
    api = connected()
    api.delete(f"{path}/{quote(found(api, path, asked), safe='')}", version=version, reason=reason)
    gone(_what(path).capitalize(), asked, as_json=as_json)


def _what(path: str) -> str:
    """In the commands' own word: group, of /v1/server-groups."""
    return path.rpartition("/")[2].removeprefix("server-").removesuffix("s")


def gone(what: str, name: str, *, as_json: bool) -> None:
    if not as_json:
        showing.out().print(f"{what} {name} is deleted.")
