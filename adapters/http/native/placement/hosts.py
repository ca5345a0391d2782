"""/v1/hosts: what each hypervisor host has, what may be promised of it, and what is taken."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, etag, expected_version
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native.fields import After, HostPath, Name, Reason, Traits
from adapters.http.native.routes import get, put
from commands.command import Command
from commands.placement.set_host_terms import SetHostTerms, TermsSet
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


@get("/v1/hosts", may="oversee")
async def list_hosts(reads: Reads, after: After = None) -> list[HostView]:
    """The hypervisor hosts of the region, by name."""
    await reads.reach(after)
    return [_view(row) for row in reads.models.catalogue.all(Host)]


@get("/v1/hosts/{host:str}", may="oversee")
async def show_host(host: HostPath, reads: Reads, after: After = None) -> Response[HostView]:
    """One host."""
    await reads.reach(after)
    row = reads.models.catalogue.get(Host, host)
    if row is None:
        raise NotFound(what="host", id=host)
    return Response(_view(row), headers=etag(row.version))


@put("/v1/hosts/{host:str}/terms", may="operate", reply=TermsSet)
async def set_host_terms(request: Asking, host: HostPath, asked: TermsBody) -> Command:
    """Set what may be promised of a host."""
    return SetHostTerms(
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
