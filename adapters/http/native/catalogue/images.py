"""/v1/images: what servers are built from; its template is for operators."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response
from msgspec import UNSET, UnsetType

from adapters.http.gateway import body
from adapters.http.gateway.body import BodyInvalid
from adapters.http.gateway.dispatch import (
    Asking,
    actor_of,
    etag,
    expected_version,
)
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.hypervisors import Hypervisors
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import operates
from adapters.http.native import entries, paging
from adapters.http.native.entries import Entries, EntryChanges, EntryId, IdPath, given
from adapters.http.native.fields import After, Name, Reason, Why
from adapters.http.native.routes import delete, get, patch, post
from adapters.hypervisors.failures import DriverRefused
from adapters.texts import XML
from commands.catalogue.change_image import ChangeImage
from commands.catalogue.create_image import CreateImage, ImageRecorded, recorded
from commands.command import Command
from domain.catalogue.image import Image, ImageSettings
from projections.catalogue import CatalogueRow

_LeastMib = Annotated[int, msgspec.Meta(ge=0, le=2**26, description="Memory in MiB.")]
_Template = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=60_000,
        pattern=XML,
        description="A libvirt domain's XML.",
    ),
]


class ImageBody(body.Body, frozen=True, kw_only=True):
    """``id``: made if it is not given. ``scalable``: the guest has the tools for it."""

    id: EntryId | None = None
    name: Name
    properties: Entries = msgspec.field(default_factory=dict)
    scalable: bool = True
    min_memory_mib: _LeastMib = 0
    template: _Template
    reason: Reason = ""


class ImageChanges(body.Body, frozen=True, kw_only=True):
    """What is not named stays; of the properties, those that are null go."""

    name: Name | UnsetType = UNSET
    properties: EntryChanges = msgspec.field(default_factory=dict)
    scalable: bool | UnsetType = UNSET
    min_memory_mib: _LeastMib | UnsetType = UNSET
    template: _Template | UnsetType = UNSET
    reason: Reason = ""


class ImageView(body.Body, frozen=True, kw_only=True):
    """``template`` is told to administrators only."""

    id: str
    name: str
    properties: dict[str, str]
    scalable: bool
    min_memory_mib: int
    version: int
    template: str | UnsetType = UNSET


@post(
    "/v1/images", may="operate", location=lambda made: f"/v1/images/{made.id}", reply=ImageRecorded
)
async def create_image(asked: ImageBody, context: Context, hypervisors: Hypervisors) -> Command:
    """Make an image from which servers may be built."""
    return CreateImage(
        image=asked.id or str(context.new_id()),
        settings=ImageSettings(
            name=asked.name,
            properties=asked.properties,
            scalable=asked.scalable,
            min_memory_mib=asked.min_memory_mib,
        ),
        template=_checked(asked.template, hypervisors),
        reason=asked.reason,
    )


@get("/v1/images", may="see")
async def list_images(
    request: Asking,
    reads: Reads,
    after: After = None,
    limit: paging.PageLimit = 100,
    cursor: paging.TextCursor = None,
) -> Response[paging.Page[ImageRecorded]]:
    """Images by id, without their templates."""
    await reads.reach(after)
    rows = reads.models.catalogue.all(Image)
    shown = [
        recorded(row.id, row.state, row.version)
        for row in entries.after_cursor(rows, limit, cursor)
    ]
    return paging.page(request, shown, limit, lambda image: image.id)


@get("/v1/images/{image:str}", may="see")
async def show_image(
    request: Asking, image: IdPath, reads: Reads, after: After = None
) -> Response[ImageView]:
    """One image; for administrators with its template."""
    await reads.reach(after)
    row = entries.found(reads, Image, image)
    view = _view(row, with_template=operates(actor_of(request)))
    return Response(view, headers=etag(row.version))


@patch("/v1/images/{image:str}", may="operate", reply=ImageRecorded)
async def change_image(
    request: Asking, image: IdPath, asked: ImageChanges, hypervisors: Hypervisors
) -> Command:
    """Change an image; servers that were built from it before stay as they are."""
    template = given(asked.template)
    return ChangeImage(
        image=image,
        name=given(asked.name),
        properties=asked.properties,
        scalable=given(asked.scalable),
        min_memory_mib=given(asked.min_memory_mib),
        template=None if template is None else _checked(template, hypervisors),
        expected=expected_version(request),
        reason=asked.reason,
    )


@delete("/v1/images/{image:str}", may="operate", status=204)
async def delete_image(request: Asking, image: IdPath, reason: Why = "") -> Command:
    """Nothing more is built from it; its servers stay."""
    return entries.deletion(request, Image, image, reason)


def _checked(template: str, hypervisors: Hypervisors) -> str:
    """The same. Raises BodyInvalid where no hypervisor of the region could build of it."""
    try:
        hypervisors.check_template(template)
    except DriverRefused as e:
        text = str(e)
        raise BodyInvalid(f"{text[0].upper()}{text[1:]}.") from e
    return template


def _view(row: CatalogueRow[Image], *, with_template: bool) -> ImageView:
    shown = recorded(row.id, row.state, row.version)
    template = row.state.template if with_template else UNSET
    return ImageView(**msgspec.structs.asdict(shown), template=template)
