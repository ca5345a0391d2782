"""``ullage flavor``: what servers begin with, and how far they may be scaled."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from cyclopts import Parameter

from adapters.cli.kit import completing, entries, sizes
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.entries import IdOption, IfMatchOption, Named, Properties, Scalable, Unset
from adapters.cli.kit.options import Every, Ids, Json, LimitOption, ReasonOption

_PATH = "/v1/flavors"
_Flavor = Annotated[Named, Parameter(completer=completing.listed(_PATH))]
_Vcpus = Annotated[int, Parameter(help="vCPUs.")]
_Memory = Annotated[
    int,
    Parameter(
        converter=sizes.from_tokens,
        metavar="SIZE",
        help="Memory: 768MiB, 1.5GiB, or a number of MiB.",
    ),
]
_Public = Annotated[
    bool | None, Parameter(negative="--private", help="Whether all projects see it.")
]
_Access = Annotated[
    list[str] | None,
    Parameter(
        negative="--no-access", help="Project that sees it although it is private; may be repeated."
    ),
]


def create(
    name: Annotated[str, Parameter(help="Name.")],
    /,
    *,
    vcpus: _Vcpus,
    memory: _Memory,
    disk: Annotated[int, Parameter(help="Disk in GiB.")] = 0,
    id_: IdOption = None,
    properties: Properties = None,
    scalable: Scalable = True,
    public: _Public = True,
    access: _Access = None,
    swap: Annotated[int, Parameter(help="Swap in MiB.")] = 0,
    ephemeral: Annotated[int, Parameter(help="Ephemeral disk in GiB.")] = 0,
    description: Annotated[str, Parameter(help="Description.")] = "",
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """The properties hw:max_vcpus and hw:max_memory_mb set how far its servers may be scaled."""
    body = {
        "id": id_,
        "name": name,
        "vcpus": vcpus,
        "memory_mib": memory,
        "disk_gib": disk,
        "extra_specs": entries.entries(properties),
        "scalable": scalable,
        "public": public,
        "access": access or [],
        "swap_mib": swap,
        "ephemeral_gib": ephemeral,
        "description": description,
        "reason": reason,
    }
    _print(connected().post(_PATH, body), as_json=as_json)


def listed(
    *, limit: LimitOption = 100, every: Every = False, ids: Ids = False, as_json: Json = False
) -> None:
    page = connected().page(_PATH, limit=limit, every=every)
    if as_json:
        showing.document(page)
        return
    columns = ("Name", "ID", "vCPUs", "MiB", "GiB", "Scalable", "Public")
    table = showing.table(*columns, right=("vCPUs", "MiB", "GiB"), ids=ids)
    for one in page["items"]:
        flags = (entries.yes_no(one["scalable"]), entries.yes_no(one["public"]))
        numbers = (str(one[name]) for name in ("vcpus", "memory_mib", "disk_gib"))
        id_ = showing.id_(one["id"], whole=ids)
        table.add_row(showing.text(one["name"]), showing.text(id_), *numbers, *flags)
    showing.rows(table, "flavors")
    showing.more(page)


def show(flavor: _Flavor, /, *, as_json: Json = False) -> None:
    api = connected()
    _print(api.get(_path(entries.found(api, _PATH, flavor))), as_json=as_json)


def change(
    flavor: _Flavor,
    /,
    *,
    properties: Properties = None,
    unset: Unset = None,
    scalable: Scalable = None,
    public: _Public = None,
    access: _Access = None,
    description: Annotated[str | None, Parameter(help="Description.")] = None,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """What is not given stays, and so does the size. Servers built with it stay as they are.
    Access is given whole: --access for each project that has it, --no-access for none."""
    api = connected()
    body = entries.given(
        extra_specs=entries.changes(properties, unset),
        scalable=scalable,
        public=public,
        access=access,
        description=description,
        reason=reason,
    )
    path = _path(entries.found(api, _PATH, flavor))
    _print(api.patch(path, body, version=if_match), as_json=as_json)


def delete(
    flavor: _Flavor,
    /,
    *,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """No more servers are built with it. Its servers stay."""
    entries.delete(_PATH, flavor, if_match, reason, as_json=as_json)


def _print(flavor: Document, *, as_json: bool) -> None:
    if as_json:
        showing.document(flavor)
        return
    rows = {
        "Name": flavor["name"],
        "ID": flavor["id"],
        "Size": showing.size(flavor),
        "Disk": _disks(flavor),
        "Scalable": entries.yes_no(flavor["scalable"]),
        "Public": entries.yes_no(flavor["public"]),
        **({"Access": ", ".join(flavor["access"])} if flavor["access"] else {}),
        "Properties": entries.listing(flavor["extra_specs"]),
        "Description": flavor["description"],
        "Version": flavor["version"],
    }
    showing.out().print(showing.facts(rows))


def _disks(flavor: Document) -> str:
    more = f" and {flavor['ephemeral_gib']} GiB" if flavor["ephemeral_gib"] else ""
    swap = f", {flavor['swap_mib']} MiB of swap" if flavor["swap_mib"] else ""
    return f"{flavor['disk_gib']} GiB{more}{swap}"


def _path(id_: str) -> str:
    return f"{_PATH}/{quote(id_, safe='')}"
