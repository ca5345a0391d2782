"""/v1/servers/{id}/resize: another flavor, by way of a restart; then confirmed or reverted."""

from __future__ import annotations

from uuid import UUID

from litestar.params import FromPath

from adapters.http.gateway import body
from adapters.http.gateway.dispatch import Asking, actor_of
from adapters.http.gateway.parts.context import Context
from adapters.http.gateway.parts.reads import Reads
from adapters.http.gateway.policy import must_be_let_consent
from adapters.http.native.fields import Name, Reason, WhyBody
from adapters.http.native.routes import post
from adapters.http.native.visible import must_see_flavor, visible
from commands.command import Command, Reply
from commands.ledger.accepted import OperationAccepted
from commands.scaling.resize_server import ConfirmResize, ResizeServer, RevertResize


class ResizeBody(body.Body, frozen=True, kw_only=True):
    flavor: Name
    reason: Reason = ""


@post(
    "/v1/servers/{server:uuid}/resize", may="change", status=202, reply=OperationAccepted, ends=True
)
async def resize_server(
    request: Asking, server: FromPath[UUID], asked: ResizeBody, context: Context, reads: Reads
) -> Command:
    """Give a server another flavor; it is restarted, so the token must be let consent to that."""
    visible(request, reads, server)
    must_see_flavor(request, reads, asked.flavor)
    must_be_let_consent(actor_of(request), "restart")
    return ResizeServer(
        server=server,
        flavor=asked.flavor,
        operation=context.new_id(),
        deadline=context.deadline(),
        reason=asked.reason,
    )


@post("/v1/servers/{server:uuid}/resize/confirm", may="change", status=200, reply=Reply)
async def confirm_resize(
    request: Asking, server: FromPath[UUID], asked: WhyBody, reads: Reads
) -> Command:
    """It keeps its new flavor: what was held for going back is given back."""
    visible(request, reads, server)
    return ConfirmResize(server=server, reason=asked.reason)


@post(
    "/v1/servers/{server:uuid}/resize/revert",
    may="change",
    status=202,
    reply=OperationAccepted,
    ends=True,
)
async def revert_resize(
    request: Asking, server: FromPath[UUID], asked: WhyBody, context: Context, reads: Reads
) -> Command:
    """Back to the flavor that it had, by way of another restart."""
    visible(request, reads, server)
    must_be_let_consent(actor_of(request), "restart")
    return RevertResize(
        server=server,
        operation=context.new_id(),
        deadline=context.deadline(),
        reason=asked.reason,
    )
