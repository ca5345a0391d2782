"""Version discovery, health and readiness: the only routes that need no token."""

from __future__ import annotations

import asyncio

import msgspec
from litestar import Response

from adapters.http.gateway.parts.log_head import LogHead
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native.routes import get
from adapters.leadership.address import Leadership
from commands.engine.request import Unavailable
from commands.engine.sequencer import Sequencer


class Version(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status: str
    href: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """``role``: leading, following (reads are served, writes handed on), cut off, or waiting (for
    its database, to begin). ``why``: what keeps this process from leading; null: nothing does."""

    status: str
    role: str
    why: str | None = None


@get("/")
async def discover_versions() -> list[Version]:
    """Which versions of the API there are, and where."""
    return [Version(id="v1", status="CURRENT", href="/v1")]


@get("/healthz")
async def show_health(sequencer: Sequencer) -> Health:
    """The process answers."""
    return Health(status="ok", role=sequencer.role)


@get("/readyz")
async def show_readiness(
    reads: Reads, log_head: LogHead, sequencer: Sequencer, leadership: Leadership
) -> Response[Health]:
    """200 when reads are current and writes have somewhere to go; 503 otherwise."""
    role = sequencer.role
    ready = role == "leading" or (
        role == "following" and await _follows(reads, log_head, leadership)
    )
    health = Health(status="ok" if ready else "not ready", role=role, why=log_head.unfit)
    return Response(health, status_code=200 if ready else 503)


async def _follows(reads: Reads, log_head: LogHead, leadership: Leadership) -> bool:
    """There is a leader, and what it had written a second ago, and no other, is known here."""
    if log_head.forked or await asyncio.to_thread(leadership.address) is None:
        return False
    try:
        return await reads.readside.reaches(await log_head.position(), 1.0)
    except Unavailable:
        return False
