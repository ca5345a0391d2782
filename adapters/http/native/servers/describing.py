"""PATCH /v1/servers/{id}: what people say of a server; nothing else follows from it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import FromPath
from msgspec import UNSET, UnsetType

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, expected_version
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native.fields import Name, Reason
from adapters.http.native.routes import patch
from adapters.http.native.visible import visible
from adapters.texts import METADATA_KEY, PRINTABLE_OR_EMPTY
from commands.command import Command
from commands.servers.describe_server import DescribeServer, ServerDescription

Said = Annotated[str, msgspec.Meta(max_length=255, pattern=PRINTABLE_OR_EMPTY)]
_Key = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=METADATA_KEY)]
_MOST = 1000
Metadata = Annotated[dict[_Key, Said], msgspec.Meta(max_length=_MOST)]
_MetadataChanges = Annotated[dict[_Key, Said | None], msgspec.Meta(max_length=_MOST)]


class ServerChanges(body.Body, frozen=True, kw_only=True):
    """A merge patch (RFC 7396): what is not named stays, and what is null goes; of the metadata,
    each entry for itself."""

    name: Name | UnsetType = UNSET
    description: Said | UnsetType | None = UNSET
    metadata: _MetadataChanges | UnsetType | None = UNSET
    reason: Reason = ""


@patch("/v1/servers/{server:uuid}", may="change", reply=ServerDescription)
async def change_server(
    request: Asking, server: FromPath[UUID], asked: ServerChanges, reads: Reads
) -> Command:
    """Give a server another name, description or metadata."""
    visible(request, reads, server)
    return DescribeServer(
        server=server,
        name=asked.name,
        description=asked.description,
        metadata=asked.metadata or {},
        only=asked.metadata is None,
        expected=expected_version(request),
        reason=asked.reason,
    )
