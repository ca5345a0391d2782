"""/flavors: what servers are built from."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.flavors import flavor_schemas as schemas
from adapters.http.compute.flavors.flavor_listing import found, listed
from adapters.http.compute.flavors.flavor_view import whole
from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.routes import route
from adapters.http.compute.gateway.truth import truth
from adapters.http.gateway.dispatch import answered, told
from commands.catalogue.change_flavor import ChangeFlavor
from commands.catalogue.create_flavor import CreateFlavor, FlavorRecorded
from commands.catalogue.delete_from_catalogue import DeleteFromCatalogue
from domain.catalogue.flavor import Flavor, FlavorExists, FlavorSettings

_MANAGE = "os_compute_api:os-flavor-manage"
_MOST_FACTOR = 3.40282e38


@route(
    "GET",
    "/flavors",
    name="compute_list_flavors",
    may="see",
    query=schemas.LIST_QUERY,
    answer=schemas.LISTED,
)
async def list_flavors(call: Call) -> Any:
    """Flavors in brief."""
    return await listed(call, "flavors")


@route(
    "GET",
    "/flavors/detail",
    name="compute_list_flavors_in_detail",
    may="see",
    query=schemas.LIST_QUERY,
    answer=schemas.DETAIL,
)
async def list_flavors_in_detail(call: Call) -> Any:
    """Flavors, all of each."""
    return await listed(call, "flavors/detail")


@route("GET", "/flavors/{flavor:str}", name="compute_show_flavor", may="see", answer=schemas.FLAVOR)
async def show_flavor(call: Call) -> Any:
    """One flavor."""
    row = found(call)
    return {"flavor": whole(row.id, row.state, call.at, call.links)}


@route(
    "POST",
    "/flavors",
    name="compute_create_flavor",
    may="operate",
    body=schemas.CREATE,
    answer=schemas.FLAVOR,
    rule=f"{_MANAGE}:create",
)
async def create_flavor(call: Call) -> Any:
    """Make a flavor of which servers may be built."""
    asked = call.body["flavor"]
    id_ = str(call.context.new_id() if asked.get("id") is None else asked["id"])
    command = CreateFlavor(
        flavor=id_,
        name=asked["name"],
        vcpus=int(asked["vcpus"]),
        memory_mib=int(asked["ram"]),
        disk_gib=int(asked["disk"]),
        swap_mib=int(asked.get("swap", 0)),
        ephemeral_gib=int(asked.get("OS-FLV-EXT-DATA:ephemeral", 0)),
        rxtx_factor=_factor(asked.get("rxtx_factor", 1.0)),
        settings=FlavorSettings(
            public=truth(asked.get("os-flavor-access:is_public", True)),
            description=asked.get("description") or "",
        ),
    )
    async with call.parts.naming:
        if await answered(call.reads, call.request) is None:
            _must_be_new(call, id_, asked["name"])
        made = await call.ask(command)
    return _flavor(call, told(made, FlavorRecorded))


@route(
    "PUT",
    "/flavors/{flavor:str}",
    name="compute_update_flavor",
    may="operate",
    since=V(2, 55),
    body=schemas.UPDATE,
    answer=schemas.FLAVOR,
    rule=f"{_MANAGE}:update",
)
async def update_flavor(call: Call) -> Any:
    """Describe a flavor otherwise: all else of it stays."""
    description = call.body["flavor"]["description"] or ""
    command = ChangeFlavor(flavor=call.path["flavor"], description=description)
    return _flavor(call, told(await call.ask(command), FlavorRecorded))


@route(
    "DELETE",
    "/flavors/{flavor:str}",
    name="compute_delete_flavor",
    may="operate",
    status=202,
    rule=f"{_MANAGE}:delete",
)
async def delete_flavor(call: Call) -> Any:
    """Nothing more is built of it; its servers stay."""
    await call.ask(DeleteFromCatalogue(kind=Flavor, id=call.path["flavor"]))


def _flavor(call: Call, recorded: FlavorRecorded) -> dict[str, Any]:
    return {"flavor": whole(recorded.id, recorded, call.at, call.links)}


def _must_be_new(call: Call, id: str, name: str) -> None:
    """Nova has every name once; elsewhere here only ids are. Raises FlavorExists, Fault."""
    catalogue = call.reads.models.catalogue
    if catalogue.get(Flavor, id):
        raise FlavorExists(flavor=id)
    if any(row.state.name == name for row in catalogue.all(Flavor)):
        raise Fault(409, f"Flavor with name {name} already exists.")


def _factor(given: float | str) -> float:
    """Raises Fault."""
    if not 0 < (factor := float(given)) <= _MOST_FACTOR:
        raise Fault(
            400,
            "Invalid input received: 'rxtx_factor' argument must be a float between 0 and "
            f"{_MOST_FACTOR:g}",
        )
    return factor
