"""/v1/flavors: what servers begin with, and how far they may be scaled."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response
from litestar.params import PathParameter
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    etag,
    expected_version,
)
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import oversees, sees_flavor
from adapters.http.native import entries, paging
from adapters.http.native.entries import Entries, EntryChanges, EntryId, given
from adapters.http.native.fields import After, MemoryMib, Name, Project, Reason, Vcpus, Why
from adapters.http.native.routes import delete, get, patch, post
from adapters.texts import PRINTABLE, PRINTABLE_OR_EMPTY
from adapters.tokens import Actor
from commands.catalogue.change_flavor import ChangeFlavor
from commands.catalogue.create_flavor import CreateFlavor, FlavorRecorded, recorded
from commands.command import Command
from domain.catalogue.flavor import Flavor, FlavorSettings
from domain.shared.errors import NotFound
from projections.catalogue import CatalogueRow

_MOST = 2**31 - 1
_DiskGib = Annotated[int, msgspec.Meta(ge=0, le=_MOST, description="Disk in GiB.")]
_SwapMib = Annotated[int, msgspec.Meta(ge=0, le=_MOST, description="Swap in MiB.")]
# Nova lets an id have spaces, and begin with a point.
FlavorPath = Annotated[str, PathParameter(max_length=255, pattern=PRINTABLE, description="Its id.")]
_RxtxFactor = Annotated[float, msgspec.Meta(gt=0, le=3.40282e38)]
_Access = Annotated[
    tuple[Project, ...], msgspec.Meta(max_length=1000, description="Who sees a private one.")
]
_Description = Annotated[str, msgspec.Meta(max_length=1000, pattern=PRINTABLE_OR_EMPTY)]


class FlavorBody(body.Body, frozen=True, kw_only=True):
    """``id``: made if it is not given. ``scalable``: servers of it may be scaled. ``public``:
    everybody sees it, not only operators and the projects in ``access``. ``rxtx_factor`` is kept
    for clients of Nova."""

    id: EntryId | None = None
    name: Name
    vcpus: Vcpus
    memory_mib: MemoryMib
    disk_gib: _DiskGib = 0
    extra_specs: Entries = msgspec.field(default_factory=dict)
    scalable: bool = True
    public: bool = True
    description: _Description = ""
    access: _Access = ()
    swap_mib: _SwapMib = 0
    ephemeral_gib: _DiskGib = 0
    rxtx_factor: _RxtxFactor = 1.0
    reason: Reason = ""


class FlavorChanges(body.Body, frozen=True, kw_only=True):
    """What is not named stays; of the extra specs, those that are null go. ``access`` is given
    whole. The size stays."""

    extra_specs: EntryChanges = msgspec.field(default_factory=dict)
    scalable: bool | UnsetType = UNSET
    public: bool | UnsetType = UNSET
    description: _Description | UnsetType = UNSET
    access: _Access | UnsetType = UNSET
    reason: Reason = ""


@post(
    "/v1/flavors",
    may="operate",
    location=lambda made: f"/v1/flavors/{made.id}",
    reply=FlavorRecorded,
)
async def create_flavor(asked: FlavorBody, context: Context) -> Command:
    """Make a flavor of which servers may be built."""
    return CreateFlavor(
        flavor=asked.id or str(context.new_id()),
        name=asked.name,
        vcpus=asked.vcpus,
        memory_mib=asked.memory_mib,
        disk_gib=asked.disk_gib,
        swap_mib=asked.swap_mib,
        ephemeral_gib=asked.ephemeral_gib,
        rxtx_factor=asked.rxtx_factor,
        settings=FlavorSettings(
            extra_specs=asked.extra_specs,
            scalable=asked.scalable,
            public=asked.public,
            description=asked.description,
            access=tuple(sorted(set(asked.access))),
        ),
        reason=asked.reason,
    )


@get("/v1/flavors", may="see")
async def list_flavors(
    request: Asking,
    reads: Reads,
    after: After = None,
    limit: paging.PageLimit = 100,
    cursor: paging.TextCursor = None,
) -> Response[paging.Page[FlavorRecorded]]:
    """Flavors by id; of those that are not public only what the caller has access to."""
    await reads.reach(after)
    actor = actor_of(request)
    rows = [row for row in reads.models.catalogue.all(Flavor) if sees_flavor(actor, row.state)]
    shown = [_shown(actor, row) for row in entries.after_cursor(rows, limit, cursor)]
    return paging.page(request, shown, limit, lambda flavor: flavor.id)


@get("/v1/flavors/{flavor:str}", may="see")
async def show_flavor(
    request: Asking, flavor: FlavorPath, reads: Reads, after: After = None
) -> Response[FlavorRecorded]:
    """One flavor."""
    await reads.reach(after)
    row = entries.found(reads, Flavor, flavor)
    actor = actor_of(request)
    if not sees_flavor(actor, row.state):
        raise NotFound(what="flavor", id=flavor)
    return Response(_shown(actor, row), headers=etag(row.version))


@patch("/v1/flavors/{flavor:str}", may="operate", reply=FlavorRecorded)
async def change_flavor(request: Asking, flavor: FlavorPath, asked: FlavorChanges) -> Command:
    """Change what may change; servers that were built of it before stay as they are."""
    return ChangeFlavor(
        flavor=flavor,
        extra_specs=asked.extra_specs,
        scalable=given(asked.scalable),
        public=given(asked.public),
        description=given(asked.description),
        access=given(asked.access),
        expected=expected_version(request),
        reason=asked.reason,
    )


@delete("/v1/flavors/{flavor:str}", may="operate", status=204)
async def delete_flavor(request: Asking, flavor: FlavorPath, reason: Why = "") -> Command:
    """Nothing more is built of it; its servers stay."""
    return entries.deletion(request, Flavor, flavor, reason)


def _shown(actor: Actor, row: CatalogueRow[Flavor]) -> FlavorRecorded:
    """Who else has access is for overseers to know."""
    shown = recorded(row.id, row.state, row.version)
    return shown if oversees(actor) else replace(shown, access=())
