"""/v1/lanes, /v1/costs, /v1/projections, /metrics: what an operator looks at and rebuilds."""

from __future__ import annotations

import msgspec
from litestar import MediaType, Response
from litestar.params import FromPath
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from adapters.http.gateway import body
from adapters.http.gateway.metrics import Metrics
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native import paging
from adapters.http.native.routes import get, post
from adapters.readside import tables
from adapters.readside.rebuild import RebuildProgress, Rebuilds
from commands.engine.request import NotLeader
from commands.engine.sequencer import Sequencer
from commands.engine.tenant_costs import TenantCost
from domain.shared.errors import NotFound
from projections.outbox import lanes
from projections.outbox.lanes import Lane


class ProjectionView(body.Body, frozen=True, kw_only=True):
    """``memory`` and ``tables`` are how far each has come of the log's ``head``."""

    head: int
    memory: int
    tables: int
    rebuild: RebuildProgress | None


@get("/v1/lanes", may="oversee")
async def list_lanes(reads: Reads) -> list[Lane]:
    """Each host's queue: what waits, who carries it, whether its breaker is open."""
    fields = Lane.__struct_fields__
    rows = await reads.select(lanes.LANES, {})
    return [msgspec.convert(dict(zip(fields, row, strict=True)), Lane) for row in rows]


@get("/v1/costs", may="oversee", heavy=True)
async def list_costs(sequencer: Sequencer, limit: paging.PageLimit = 100) -> list[TenantCost]:
    """What tenants have cost since this process began: those who took the most of its time first.
    Only what it has decided itself counts: one that has never led shows nothing."""
    return sequencer.costs.most(limit)


@get("/v1/projections", may="oversee")
async def list_projections(reads: Reads, rebuilds: Rebuilds) -> ProjectionView:
    """How far the read models have come."""
    return ProjectionView(
        head=await reads.head(),
        memory=reads.readside.position,
        tables=reads.readside.saved,
        rebuild=rebuilds.progress,
    )


@post("/v1/projections/{projection:str}/rebuild", may="operate", status=202, keyed=False)
async def rebuild_projection(
    projection: FromPath[str], sequencer: Sequencer, rebuilds: Rebuilds
) -> Response[RebuildProgress]:
    """Make a read model anew from the log; the old one serves until the new one is whole."""
    if projection not in tables.NAMES:
        raise NotFound(what="projection", id=projection)
    if sequencer.role != "leading":
        raise NotLeader
    progress = rebuilds.start(projection)
    return Response(progress, status_code=202, headers={"location": "/v1/projections"})


@get("/metrics", may="measure", media_type=MediaType.TEXT)
async def show_metrics(metrics: Metrics) -> Response[bytes]:
    """What Prometheus scrapes."""
    # Litestar adds the character set itself.
    media = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")
    return Response(generate_latest(metrics.registry), media_type=media)
