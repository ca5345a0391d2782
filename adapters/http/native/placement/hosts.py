"""/v1/hosts: what each hypervisor host has, what may be promised of it, and what is taken."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, get, put
from litestar.di import NamedDependency

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, ask, etag, expected_version, reply
from adapters.http.gateway.region import Region
from adapters.http.gateway.waiting import reach
from adapters.http.native.fields import After, HostPath, Name, Reason, Traits
from commands.placement.set_host_terms import SetHostTerms
from domain.hosts.host import Host, Terms
from domain.shared.errors import NotFound
from domain.shared.size import Size
from projections.catalogue import CatalogueRow

Ratio = Annotated[float, msgspec.Meta(gt=0, le=100)]


class TermsBody(body.Body, frozen=True, kw_only=True):
    """All of a host's terms; those left out are Nova's defaults. Memory in MiB."""

    pool: Name = "default"
    zone: Name = "nova"
    cpu_allocation_ratio: Ratio = 4.0
    ram_allocation_ratio: Ratio = 1.0
    reserved_host_memory_mb: Annotated[int, msgspec.Meta(ge=0, le=2**26)] = 512
    traits: Traits = ()
    enabled: bool = True
    reason: Reason = ""


class HostView(body.Body, frozen=True, kw_only=True):
    """``capacity`` is what the hypervisor told, null: nothing yet; ``limit`` what may be promised
    of it, ``used`` what servers hold. ``traits``: the hypervisor's and the operator's."""

    name: str
    hypervisor: str
    capacity: Size | None
    limit: Size | None
    used: Size
    traits: list[str]
    terms: Terms
    version: int


@get("/v1/hosts", name="list_hosts")
async def list_hosts(region: NamedDependency[Region], after: After = None) -> list[HostView]:
    """The hypervisor hosts of the region, by name."""
    await reach(region.readside, after)
    return [_view(row) for row in region.readside.models.catalogue.all(Host)]


@get("/v1/hosts/{host:str}", name="show_host")
async def show_host(
    host: HostPath, region: NamedDependency[Region], after: After = None
) -> Response[HostView]:
    """One host."""
    await reach(region.readside, after)
    row = region.readside.models.catalogue.get(Host, host)
    if row is None:
        raise NotFound(what="host", id=host)
    return Response(_view(row), headers=etag(row.version))


@put("/v1/hosts/{host:str}/terms", name="set_host_terms")
async def set_host_terms(
    request: Asking, host: HostPath, region: NamedDependency[Region]
) -> Response[bytes]:
    """Set what may be promised of a host."""
    asked = await body.read(request, TermsBody)
    command = SetHostTerms(
        host=host,
        terms=Terms(
            pool=asked.pool,
            zone=asked.zone,
            cpu_allocation_ratio=asked.cpu_allocation_ratio,
            ram_allocation_ratio=asked.ram_allocation_ratio,
            reserved_host_memory_mb=asked.reserved_host_memory_mb,
            traits=tuple(sorted(set(asked.traits))),
            enabled=asked.enabled,
        ),
        expected=expected_version(request),
        reason=asked.reason,
    )
    return reply(await ask(region, request, command))


def _view(row: CatalogueRow[Host]) -> HostView:
    host = row.state
    return HostView(
        name=row.id,
        hypervisor=host.hypervisor,
        capacity=host.capacity,
        limit=host.limit,
        used=host.used,
        traits=sorted(host.traits),
        terms=host.terms,
        version=row.version,
    )
