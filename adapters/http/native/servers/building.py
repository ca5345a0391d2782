"""POST /v1/servers: quota, host, group and request spec are decided at once, the VM follows."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, user_of
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.native.fields import Name, Project, Reason, Traits
from adapters.http.native.owning import owner_of
from adapters.http.native.routes import post
from adapters.http.native.servers.describing import Metadata, Said
from adapters.http.native.visible import must_see_flavor
from adapters.texts import PRINTABLE, PRINTABLE_OR_EMPTY
from commands.command import Command
from commands.servers.build_server import BuildAccepted, BuildServer
from domain.server import Description

_Hinted = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=PRINTABLE)]
_Hint = Annotated[str, msgspec.Meta(max_length=255, pattern=PRINTABLE_OR_EMPTY)]
Hints = Annotated[dict[_Hinted, _Hint], msgspec.Meta(max_length=32)]


class BuildBody(body.Body, frozen=True, kw_only=True):
    """``project`` is needed of those who see all projects. ``traits`` a host must have beside
    those that flavor and image ask for; ``hints`` are kept with the request."""

    name: Name
    flavor: Name
    image: Name
    project: Project | None = None
    zone: Name | None = None
    pool: Name = "default"
    traits: Traits = ()
    group: UUID | None = None
    hints: Hints = msgspec.field(default_factory=dict)
    description: Said | None = None
    metadata: Metadata = msgspec.field(default_factory=dict)
    reason: Reason = ""

    def described(self) -> Description | None:
        """What is said of it beside its name, if anything is."""
        if self.description is None and not self.metadata:
            return None
        return Description(name=self.name, description=self.description, metadata=self.metadata)


@post("/v1/servers", may="change", status=202, reply=BuildAccepted, ends=True)
async def build_server(
    request: Asking, asked: BuildBody, context: Context, reads: Reads
) -> Command:
    """Build a server: quota, host and request spec are decided at once, the VM follows."""
    must_see_flavor(request, reads, asked.flavor)
    return BuildServer(
        server=context.new_id(),
        project=owner_of(request, asked.project),
        name=asked.name,
        flavor=asked.flavor,
        image=asked.image,
        operation=context.new_id(),
        deadline=context.deadline(),
        traits=tuple(asked.traits),
        zone=asked.zone or "",
        pool=asked.pool,
        group=asked.group,
        hints=asked.hints,
        reason=asked.reason,
        user=user_of(request),
        described=asked.described(),
    )
