"""Which projects see a private flavor: /flavors/{id}/os-flavor-access, and the actions on it."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.flavors import flavor_schemas as schemas
from adapters.http.compute.flavors.flavor_listing import found
from adapters.http.compute.flavors.flavor_view import accesses
from adapters.http.compute.gateway.actions import action, actions
from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.projects import must_be_project
from adapters.http.compute.gateway.routes import route
from adapters.http.gateway.dispatch import told
from commands.catalogue.change_flavor_access import AddFlavorAccess, RemoveFlavorAccess
from commands.catalogue.create_flavor import FlavorRecorded

_RULE = "os_compute_api:os-flavor-access"


@route(
    "GET",
    "/flavors/{flavor:str}/os-flavor-access",
    name="compute_list_flavor_access",
    may="oversee",
    answer=schemas.ACCESS_SHOWN,
    rule=_RULE,
)
async def list_flavor_access(call: Call) -> Any:
    """The projects that see a private flavor."""
    row = found(call)
    if row.state.public:
        raise Fault(404, "Access list not available for public flavors.")
    return accesses(row.id, row.state.access)


async def _add(call: Call) -> Any:
    """Let a project see a private flavor."""
    project = await must_be_project(call, call.body["addTenantAccess"]["tenant"])
    if call.at >= V(2, 7) and found(call).state.public:
        raise Fault(409, "Can not add access to a public flavor.")
    command = AddFlavorAccess(flavor=call.path["flavor"], project=project)
    recorded = told(await call.ask(command), FlavorRecorded)
    return accesses(recorded.id, recorded.access)


async def _remove(call: Call) -> Any:
    """Let a project see a private flavor no longer."""
    project = call.body["removeTenantAccess"]["tenant"]
    command = RemoveFlavorAccess(flavor=call.path["flavor"], project=project)
    recorded = told(await call.ask(command), FlavorRecorded)
    return accesses(recorded.id, recorded.access)


act_on_flavor = actions(
    "/flavors/{flavor:str}/action",
    name="compute_act_on_flavor",
    may="see",
    table={
        "addTenantAccess": action(
            "compute_add_flavor_access",
            _add,
            may="operate",
            body=schemas.access("addTenantAccess"),
            answer=schemas.ACCESS_SHOWN,
            status=200,
            rule=f"{_RULE}:add_tenant_access",
        ),
        "removeTenantAccess": action(
            "compute_remove_flavor_access",
            _remove,
            may="operate",
            body=schemas.access("removeTenantAccess"),
            answer=schemas.ACCESS_SHOWN,
            status=200,
            rule=f"{_RULE}:remove_tenant_access",
        ),
    },
)
