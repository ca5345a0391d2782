"""Which flavors a caller sees, filtered, sorted and in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from adapters.http.compute.flavors.flavor_view import FlavorRow, basic, whole
from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.matching import matching
from adapters.http.compute.gateway.paging import after_marker, limit_of, next_link
from adapters.http.compute.gateway.truth import truth
from adapters.http.gateway import pieces
from adapters.http.gateway.policy import oversees, sees_flavor
from domain.catalogue.flavor import Flavor
from domain.shared.errors import NotFound

# Nova's columns. Nothing is kept here of when and in which order a flavor was made, nor of weights.
_SORT: dict[str, Callable[[FlavorRow], Any]] = {
    "flavorid": lambda row: row.id,
    "description": lambda row: row.state.description,
    "ephemeral_gb": lambda row: row.state.ephemeral_gib,
    "is_public": lambda row: row.state.public,
    "memory_mb": lambda row: row.state.memory_mib,
    "name": lambda row: row.state.name,
    "root_gb": lambda row: row.state.disk_gib,
    "rxtx_factor": lambda row: row.state.rxtx_factor,
    "swap": lambda row: row.state.swap_mib,
    "vcpus": lambda row: row.state.vcpus,
}


def found(call: Call) -> FlavorRow:
    """The one of the path, as far as the caller sees it. Raises NotFound."""
    id_ = call.path["flavor"]
    row = call.reads.models.catalogue.get(Flavor, id_)
    if row is None or not sees_flavor(call.actor, row.state):
        raise NotFound(what="flavor", id=id_)
    return row


async def listed(call: Call, collection: str) -> dict[str, Any]:
    """The marker may be one that the filters leave out. Raises Fault, Unavailable."""
    there = call.reads.models.catalogue.all(Flavor)
    seen = await pieces.kept(lambda row: sees_flavor(call.actor, row.state), there)
    fit = await _filtered(call, after_marker(call, await _sorted(call, seen), _id))
    shown = fit[: limit_of(call)]
    view = basic if collection == "flavors" else whole
    links = call.links
    answer: dict[str, Any] = {"flavors": [view(row.id, row.state, call.at, links) for row in shown]}
    if more := next_link(call, shown, _id, collection):
        answer["flavors_links"] = more
    return answer


async def _filtered(call: Call, rows: Iterable[FlavorRow]) -> list[FlavorRow]:
    """Raises Fault, Unavailable."""
    public = _is_public(call)
    ram, disk = _least(call, "minRam"), _least(call, "minDisk")
    fit = [
        row
        for row in rows
        if (public is None or row.state.public == public or _granted(call, row))
        and row.state.memory_mib >= ram
        and row.state.disk_gib >= disk
    ]
    name = call.one("name")
    return await matching(call, fit, {} if name is None else {"name": name}, _text)


def _granted(call: Call, row: FlavorRow) -> bool:
    """A project's private flavors are listed for it beside the public ones."""
    return not row.state.public and call.actor.home in row.state.access


def _is_public(call: Call) -> bool | None:
    """Only overseers may choose; the others, and those who say nothing, get public ones. None:
    all. Raises Fault."""
    word = call.one("is_public")
    if word is None or not oversees(call.actor):
        return True
    if word.lower() == "none":
        return None
    try:
        return truth(word)
    except ValueError as e:
        raise Fault(400, f"Invalid is_public filter [{word}]") from e


def _least(call: Call, name: str) -> int:
    """Raises Fault."""
    given = call.one(name)
    try:
        return 0 if given is None else int(given)
    except ValueError as e:
        raise Fault(400, f"Invalid {name} filter [{given}]") from e


async def _sorted(call: Call, rows: Iterable[FlavorRow]) -> list[FlavorRow]:
    """By id where they are the same otherwise, so that pages follow each other."""
    key = _SORT.get(call.one("sort_key") or "flavorid", _id)
    descending = call.one("sort_dir") == "desc"
    by_id = await pieces.ordered(rows, _id, descending=descending)
    return await pieces.ordered(by_id, key, descending=descending)


def _text(_name: str, row: FlavorRow) -> str:
    return row.state.name


def _id(row: FlavorRow) -> str:
    return row.id
