"""``ullage host``: what each hypervisor host has, what may be promised of it, what is taken."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from cyclopts import Parameter
from rich.table import Table

from adapters.cli.kit import completing, entries, sizes
from adapters.cli.kit import show as showing
from adapters.cli.kit.client import Document, connected
from adapters.cli.kit.entries import IfMatchOption
from adapters.cli.kit.options import Json, ReasonOption

_Host = Annotated[str, Parameter(help="Name of the host.", completer=completing.HOSTS)]
_Pool = Annotated[str | None, Parameter(help="Pool; servers migrate only within it.")]
_Zone = Annotated[str | None, Parameter(help="Availability zone.")]
_CpuRatio = Annotated[float | None, Parameter(help="vCPUs that may be allocated per physical CPU.")]
_RamRatio = Annotated[
    float | None, Parameter(help="Memory that may be allocated, as a ratio of physical memory.")
]
_Traits = Annotated[
    list[str] | None,
    Parameter(
        name="--trait",
        negative="--no-traits",
        help="Custom traits; replaces all that were set; may be repeated.",
    ),
]
_Enabled = Annotated[
    bool | None, Parameter(negative="--disabled", help="Whether new servers may be placed on it.")
]
_Reserved = Annotated[
    int | None,
    Parameter(
        converter=sizes.or_zero,
        metavar="SIZE",
        help="Memory kept for the host itself, as 512MiB, 2GiB or 0.",
    ),
]


def listed(*, as_json: Json = False) -> None:
    found = connected().get("/v1/hosts")
    if as_json:
        showing.document(found)
        return
    showing.rows(_table(found), "hosts")


def show(host: _Host, /, *, as_json: Json = False) -> None:
    found = connected().get(_path(host))
    if as_json:
        showing.document(found)
    else:
        _print(found)


def change(
    host: _Host,
    /,
    *,
    pool: _Pool = None,
    zone: _Zone = None,
    cpu_ratio: _CpuRatio = None,
    ram_ratio: _RamRatio = None,
    reserved: _Reserved = None,
    traits: _Traits = None,
    enabled: _Enabled = None,
    if_match: IfMatchOption = None,
    reason: ReasonOption = "",
    as_json: Json = False,
) -> None:
    """What is not given stays. What servers hold already is never touched."""
    api = connected()
    found = api.get(_path(host))
    terms = found["terms"] | entries.given(
        pool=pool,
        zone=zone,
        cpu_allocation_ratio=cpu_ratio,
        ram_allocation_ratio=ram_ratio,
        reserved_host_memory_mb=reserved,
        traits=traits,
        enabled=enabled,
    )
    # The terms are put as a whole: only over those that were just read.
    version = found["version"] if if_match is None else if_match
    api.put(f"{_path(host)}/terms", terms | {"reason": reason}, version=version)
    changed = api.get(_path(host))
    if as_json:
        showing.document(changed)
    else:
        showing.out().print(_table([changed]))


def _table(hosts: list[Document]) -> Table:
    columns = ("Host", "Pool", "Zone", "vCPUs", "MiB", "Takes more")
    table = showing.table(*columns, right=("vCPUs", "MiB"))
    for host in hosts:
        terms = host["terms"]
        taken = (_of(host, "vcpus"), _of(host, "memory_mib"))
        words = (host["name"], terms["pool"], terms["zone"], *taken, _takes(host))
        table.add_row(*map(showing.text, words))
    return table


def _print(host: Document) -> None:
    terms = host["terms"]
    rows = {
        "Host": host["name"],
        "Hypervisor": host["hypervisor"],
        "Pool": terms["pool"],
        "Zone": terms["zone"],
        "Has": showing.size(host["capacity"]) if host["capacity"] else "not told yet",
        "Reserved": f"{terms['reserved_host_memory_mb']} MiB",
        "Ratios": f"{terms['cpu_allocation_ratio']:g} vCPUs a CPU, "
        f"{terms['ram_allocation_ratio']:g} of its memory",
        "May promise": showing.size(host["limit"]),
        "Has promised": showing.size(host["used"]),
        "Takes more": _takes(host),
        "Traits": ", ".join(host["traits"]),
        "Version": host["version"],
    }
    showing.out().print(showing.facts(rows))


def _of(host: Document, what: str) -> str:
    """As in 3/16: taken, of what may be promised."""
    limit = showing.NONE if host["limit"] is None else host["limit"][what]
    return f"{host['used'][what]}/{limit}"


def _takes(host: Document) -> str:
    if not host["terms"]["enabled"]:
        return "no: disabled"
    return "no: it has not told what it has" if host["limit"] is None else "yes"


def _path(host: str) -> str:
    return f"/v1/hosts/{quote(host, safe='')}"
