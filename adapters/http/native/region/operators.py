"""/v1/lanes, /v1/projections, /metrics: what an operator looks at and rebuilds."""

from __future__ import annotations

import msgspec
from litestar import MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from adapters.http.gateway import body
from adapters.http.gateway.region import Region
from adapters.readside import tables
from adapters.readside.rebuild import RebuildProgress
from commands.engine.request import NotLeader
from domain.shared.errors import NotFound
from projections.outbox import lanes
from projections.outbox.lanes import Lane


class ProjectionView(body.Body, frozen=True, kw_only=True):
    """``memory`` and ``tables`` are how far each has come of the log's ``head``."""

    head: int
    memory: int
    tables: int
    rebuild: RebuildProgress | None


@get("/v1/lanes", name="list_lanes")
async def list_lanes(region: NamedDependency[Region]) -> list[Lane]:
    """Each host's queue: what waits, who carries it, whether its breaker is open."""
    fields = Lane.__struct_fields__
    rows = await region.select(lanes.LANES, {})
    return [msgspec.convert(dict(zip(fields, row, strict=True)), Lane) for row in rows]


@get("/v1/projections", name="list_projections")
async def list_projections(region: NamedDependency[Region]) -> ProjectionView:
    """How far the read models have come."""
    return ProjectionView(
        head=await region.head(),
        memory=region.readside.position,
        tables=region.readside.saved,
        rebuild=region.rebuilds.progress,
    )


@post("/v1/projections/{projection:str}/rebuild", name="rebuild_projection", status_code=202)
async def rebuild_projection(
    projection: FromPath[str], region: NamedDependency[Region]
) -> Response[RebuildProgress]:
    """Make a read model anew from the log; the old one serves until the new one is whole."""
    if projection not in tables.NAMES:
        raise NotFound(what="projection", id=projection)
    if region.sequencer.role != "leading":
        raise NotLeader
    progress = region.rebuilds.start(projection)
    return Response(progress, status_code=202, headers={"location": "/v1/projections"})


@get("/metrics", name="show_metrics", sync_to_thread=False, media_type=MediaType.TEXT)
def show_metrics(region: NamedDependency[Region]) -> Response[bytes]:
    """What Prometheus scrapes."""
    # Litestar adds the character set itself.
    media = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")
    return Response(generate_latest(region.metrics.registry), media_type=media)
