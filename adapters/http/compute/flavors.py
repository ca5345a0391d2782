"""/flavors: what servers are built from."""

from __future__ import annotations

from typing import Any

from adapters.http.compute import flavor_schemas as schemas
from adapters.http.compute.flavor_view import basic, whole
from adapters.http.compute.paging import next_link, page
from adapters.http.compute.routes import Call, route
from adapters.http.policy import oversees
from domain.errors import NotFound
from domain.flavor import Flavor
from projections.catalogue import CatalogueRow

Row = CatalogueRow[Flavor]


@route("GET", "/flavors", name="compute_list_flavors", query=schemas.LIST_QUERY)
async def list_flavors(call: Call) -> Any:
    """Flavors by id, in brief."""
    return _listed(call, basic, "flavors")


@route("GET", "/flavors/detail", name="compute_list_flavors_in_detail", query=schemas.LIST_QUERY)
async def list_flavors_in_detail(call: Call) -> Any:
    """Flavors by id, whole."""
    return _listed(call, whole, "flavors/detail")


@route("GET", "/flavors/{flavor:str}", name="compute_show_flavor")
async def show_flavor(call: Call) -> Any:
    """One flavor."""
    return {"flavor": whole(found(call), call.at, call.links)}


def found(call: Call) -> Row:
    """The one of the path, as far as the caller sees it. Raises NotFound."""
    id_ = call.path["flavor"]
    row = call.region.readside.models.catalogue.get(Flavor, id_)
    if row is None or not (row.state.public or oversees(call.actor)):
        raise NotFound(what="flavor", id=id_)
    return row


def _listed(call: Call, view: Any, collection: str) -> dict[str, Any]:
    rows = call.region.readside.models.catalogue.all(Flavor)
    seen = [row for row in rows if row.state.public or oversees(call.actor)]
    shown = page(call, seen, _id)
    links = call.links
    listed = {"flavors": [view(row, call.at, links) for row in shown]}
    if more := next_link(call, shown, _id, collection):
        listed["flavors_links"] = more
    return listed


def _id(row: Row) -> str:
    return row.id
