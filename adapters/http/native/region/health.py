"""Version discovery, health and readiness: the only routes that need no token."""

from __future__ import annotations

import asyncio

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from adapters.http.gateway.region import Region
from commands.engine.request import Unavailable


class Version(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status: str
    href: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """``role``: leading, following (reads are served, writes handed on) or cut off."""

    status: str
    role: str


@get("/", name="discover_versions", sync_to_thread=False)
def discover_versions() -> list[Version]:
    """Which versions of the API there are, and where."""
    return [Version(id="v1", status="CURRENT", href="/v1")]


@get("/healthz", name="show_health", sync_to_thread=False)
def show_health(region: NamedDependency[Region]) -> Health:
    """The process answers."""
    return Health(status="ok", role=region.sequencer.role)


@get("/readyz", name="show_readiness")
async def show_readiness(region: NamedDependency[Region]) -> Response[Health]:
    """200 when reads are current and writes have somewhere to go; 503 otherwise."""
    role = region.sequencer.role
    ready = role == "leading" or (role == "following" and await _follows(region))
    health = Health(status="ok" if ready else "not ready", role=role)
    return Response(health, status_code=200 if ready else 503)


async def _follows(region: Region) -> bool:
    """There is a leader, and what it had written a second ago is known here."""
    if await asyncio.to_thread(region.leader) is None:
        return False
    try:
        return await region.readside.reaches(await region.head(), 1.0)
    except Unavailable:
        return False
