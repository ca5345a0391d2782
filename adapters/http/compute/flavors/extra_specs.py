"""/flavors/{id}/os-extra_specs: what else a flavor asks for, and how far its servers may grow."""

from __future__ import annotations

from typing import Any

from adapters.http.compute.flavors import flavor_schemas as schemas
from adapters.http.compute.flavors.extra_spec_rules import check
from adapters.http.compute.flavors.flavor_listing import found
from adapters.http.compute.gateway.calls import Call
from adapters.http.compute.gateway.faults import Fault
from adapters.http.compute.gateway.microversions import V
from adapters.http.compute.gateway.routes import route
from commands.catalogue.change_flavor import ChangeFlavor

_PATH = "/flavors/{flavor:str}/os-extra_specs"
_RULE = "os_compute_api:os-flavor-extra-specs"
_LONGEST = 255

Specs = dict[str, str | int | float]


@route(
    "GET",
    _PATH,
    name="compute_list_extra_specs",
    may="see",
    answer=schemas.SPECS_SHOWN,
    rule=f"{_RULE}:index",
)
async def list_extra_specs(call: Call) -> Any:
    """All of a flavor's."""
    return {"extra_specs": found(call).state.extra_specs}


@route(
    "GET",
    f"{_PATH}/{{key:str}}",
    name="compute_show_extra_spec",
    may="see",
    answer=schemas.SPEC_SHOWN,
    rule=f"{_RULE}:show",
)
async def show_extra_spec(call: Call) -> Any:
    """One of them."""
    key = call.path["key"]
    return {key: _value(call, key)}


@route(
    "POST",
    _PATH,
    name="compute_create_extra_specs",
    may="operate",
    body=schemas.EXTRA_SPECS,
    answer=schemas.SPECS_SHOWN,
    rule=f"{_RULE}:create",
)
async def create_extra_specs(call: Call) -> Any:
    """Add some, or give others another value."""
    await _set(call, call.body["extra_specs"])
    return call.body


@route(
    "PUT",
    f"{_PATH}/{{key:str}}",
    name="compute_update_extra_spec",
    may="operate",
    body=schemas.EXTRA_SPEC,
    answer=schemas.SPEC_SHOWN,
    rule=f"{_RULE}:update",
)
async def update_extra_spec(call: Call) -> Any:
    """Give one of them a value."""
    if call.path["key"] not in call.body:
        raise Fault(400, "Request body and URI mismatch")
    await _set(call, call.body)
    return call.body


@route(
    "DELETE",
    f"{_PATH}/{{key:str}}",
    name="compute_delete_extra_spec",
    may="operate",
    rule=f"{_RULE}:delete",
)
async def delete_extra_spec(call: Call) -> Any:
    """Take one of them away."""
    key = call.path["key"]
    _value(call, key)
    await call.ask(ChangeFlavor(flavor=call.path["flavor"], extra_specs={key: None}))


def _value(call: Call, key: str) -> str:
    """Raises NotFound, Fault."""
    row = found(call)
    if key not in row.state.extra_specs:
        raise Fault(404, f"Flavor {row.id} has no extra specs with key {key}.")
    return row.state.extra_specs[key]


async def _set(call: Call, specs: Specs) -> None:
    """Raises Fault, and what the command refuses."""
    for key, value in specs.items():
        if len(str(value)) > _LONGEST:
            raise Fault(
                400,
                "Invalid input received: extra_specs value has "
                f"{len(str(value))} characters, more than {_LONGEST}.",
            )
        if call.at >= V(2, 86):
            check(key, str(value))
    texts: dict[str, str | None] = {key: str(value) for key, value in specs.items()}
    await call.ask(ChangeFlavor(flavor=call.path["flavor"], extra_specs=texts))
